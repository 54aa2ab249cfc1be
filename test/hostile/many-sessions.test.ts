import fs from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { makeCanary } from './canary.ts';
import { callSafely, putOdd } from './case.ts';
import { useMemory } from './in-memory.ts';
import { insteadOfFile, insteadOfFolder } from './odd-things.ts';
import { openSubject, type Subject } from './subject.ts';

useMemory();

let subject: Subject;
beforeAll(async () => {
  subject = await openSubject();
});
afterAll(() => subject.close());

const sessions = 10_000;

/** 10,000 session folders; beside some hundred of them odd things under other names, and runs that cannot be read. */
async function putMany(sandbox: Sandbox, canary: ReturnType<typeof makeCanary>): Promise<void> {
  const other = JSON.stringify(liveRun({ owner_codex_session_id: 'other' }), null, 2);
  const root = sandbox.path('sessions');
  fs.mkdirSync(root, { recursive: true });
  for (let index = 0; index < sessions; index += 1) {
    const folder = `${root}/s${index}`;
    fs.mkdirSync(folder);
    if (index % 100 !== 0) fs.writeFileSync(`${folder}/forge-state.json`, other);
    else if (index % 200 === 0) fs.symlinkSync(canary.file, `${folder}/forge-state.json`);
    else fs.mkdirSync(`${folder}/forge-state.json`);
  }
  for (const [index, put] of Object.values(insteadOfFile).entries()) {
    await putOdd(put, `${root}/run${index}/forge-state.json`, canary);
  }
  for (const [index, put] of Object.values(insteadOfFolder).entries())
    await putOdd(put, `${root}/folder${index}`, canary);
  for (const name of ['no id', '..dots', 'ü', 'x'.repeat(65)]) sandbox.putRun(name, liveRun());
}

it('rules 6 and 10: among 10,000 sessions with odd ones, none and one candidate are found within 1 s each', async () => {
  const sandbox = makeSandbox();
  const canary = makeCanary(sandbox);
  await putMany(sandbox, canary);
  sandbox.putSessions('now');
  sandbox.declare({ liveRuns: sessions });
  expect((await callSafely(subject, sandbox, canary)).outcome).toBe('no_matching_prior_forge');
  sandbox.putRun('old', liveRun());
  expect((await callSafely(subject, sandbox, canary)).outcome).toBe('resumed_same_codex_session');
  fs.rmSync(sandbox.path('sessions'), { recursive: true });
}, 60_000);

it('rule 6: a folder that is listed in batches and one that is listed at once hide no candidate', async () => {
  for (const count of [3, 1_200]) {
    const sandbox = makeSandbox();
    const name = (index: number): string => `${index}`.padStart(64, 's');
    sandbox.putSessions('now', ...Array.from({ length: count }, (_, index) => name(index)));
    expect((await sandbox.call({ session: 's1' })).reason).toBe('no_matching_prior_forge');
    sandbox.putRun(name(count - 1), liveRun());
    expect((await sandbox.call({ session: 's1' })).reason).toBe('resumed_same_codex_session');
    fs.rmSync(sandbox.path('sessions'), { recursive: true });
  }
});
