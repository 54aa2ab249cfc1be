import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { journalFile } from '../recovery/journals.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { makeCanary } from './canary.ts';
import { type Caller, callSafely } from './case.ts';
import { deepAndWide, deepArray, deepObject, runWith, tooDeep } from './contents.ts';
import { useMemory } from './in-memory.ts';
import { openSubject, type Subject } from './subject.ts';

useMemory();

const mostMiB = 200;

let subject: Subject;
beforeAll(async () => {
  subject = await openSubject();
});
afterAll(() => subject.close());
// A process of its own for each test: its greatest memory only grows.
afterEach(() => subject.restart());

function putSparse(path: string, mebibytes: number): void {
  fs.writeFileSync(path, '');
  fs.truncateSync(path, mebibytes * 2 ** 20);
}

async function memoryAfter(sandbox: Sandbox, caller: Caller = {}): Promise<number> {
  return (await callSafely(subject, sandbox, makeCanary(sandbox), caller)).answer.rssMiB;
}

describe('rule 10: memory stays below 200 MiB', () => {
  it('rule 10: with files of 2 GiB as session.json, current run and candidates', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', ...Array.from({ length: 20 }, (_none, index) => `s${index}`));
    for (let index = 0; index < 20; index += 1) putSparse(sandbox.runFile(`s${index}`), 2_048);
    putSparse(sandbox.path('session.json'), 2_048);
    await memoryAfter(sandbox, { current: '' });
    await memoryAfter(sandbox);
    putSparse(sandbox.runFile('now'), 2_048);
    expect(await memoryAfter(sandbox)).toBeLessThan(mostMiB);
    fs.rmSync(sandbox.path('sessions'), { recursive: true });
  });

  it('rule 10: with 20 candidates of 8 MiB that do not parse', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', ...Array.from({ length: 20 }, (_none, index) => `s${index}`));
    for (let index = 0; index < 20; index += 1) putSparse(sandbox.runFile(`s${index}`), 8);
    const { answer } = await callSafely(subject, sandbox, makeCanary(sandbox));
    expect(answer.rssMiB).toBeLessThan(mostMiB);
    fs.rmSync(sandbox.path('sessions'), { recursive: true });
  });

  it.each([
    ['arrays', deepArray(tooDeep)],
    ['objects', deepObject(tooDeep)],
  ])('rule 10: with 100,000 %s in each other, in candidates and the current run', async (_shape, deep) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.declare({ liveRuns: 10 });
    for (let index = 0; index < 5; index += 1) {
      sandbox.putRun(`s${index}`, runWith('notes', deep));
      sandbox.putRun(`t${index}`, runWith('owner_codex_session_id', deep));
    }
    await memoryAfter(sandbox);
    sandbox.putRun('now', runWith('notes', deep));
    expect(await memoryAfter(sandbox)).toBeLessThan(mostMiB);
  });

  it('rule 10: with a run whose 2-space text is larger than what we read', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', runWith('notes', deepArray(deepAndWide)));
    sandbox.declare({ openJournal: true, liveRuns: 2 });
    expect(await memoryAfter(sandbox)).toBeLessThan(mostMiB);
  });

  it.each([95, 2_048])('protocol "Recover": with a journal of %i MiB', async (mebibytes) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    fs.mkdirSync(sandbox.path('.forge-resume', 'journal'), { recursive: true });
    putSparse(journalFile(sandbox), mebibytes);
    expect(await memoryAfter(sandbox)).toBeLessThan(mostMiB);
    fs.rmSync(journalFile(sandbox), { force: true });
  });

  it('protocol "Trails": with trails of 2 GiB that do not parse', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    fs.mkdirSync(sandbox.path('.forge-resume', 'trails'), { recursive: true });
    for (const id of ['now', 'old']) putSparse(sandbox.path('.forge-resume', 'trails', `${id}.json`), 2_048);
    expect(await memoryAfter(sandbox)).toBeLessThan(mostMiB);
  });
});
