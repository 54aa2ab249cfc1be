import fs from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalFile } from '../recovery/journals.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { makeCanary, readsShow } from './canary.ts';
import { callSafely, makeAged, putOdd } from './case.ts';
import { useMemory } from './in-memory.ts';
import { insteadOfFile } from './odd-things.ts';
import { openSubject, type Subject } from './subject.ts';

useMemory();

let subject: Subject;
beforeAll(async () => {
  subject = await openSubject();
});
afterAll(() => subject.close());

const kinds = Object.keys(insteadOfFile);

/** A project in which a call would hand a run over. */
function withCandidate(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return sandbox;
}

/** Puts every odd thing at the path in turn; each gets a project of its own. */
async function each(
  kind: string,
  arrange: () => Sandbox,
  pathOf: (sandbox: Sandbox) => string,
  current = 'now',
): Promise<{ sandbox: Sandbox; outcome: string; path: string }> {
  const put = insteadOfFile[kind];
  if (put === undefined) throw new Error(`no such thing: ${kind}`);
  const sandbox = arrange();
  const canary = makeCanary(sandbox);
  const path = pathOf(sandbox);
  await putOdd(put, path, canary);
  const lock = dirname(path);
  if (path.endsWith('owner')) makeAged(lock);
  const { outcome } = await callSafely(subject, sandbox, canary, { current });
  return { sandbox, outcome, path };
}

it('rule 10: a read outside would be seen here, not only a write', () => {
  const sandbox = makeSandbox();
  const canary = makeCanary(sandbox);
  canary.arm();
  expect(canary.touched()).toEqual([]);
  canary.arm();
  fs.readdirSync(canary.folder);
  fs.readFileSync(canary.file);
  const seen = canary.touched().length;
  if (readsShow(sandbox.project)) expect(seen).toBe(2);
  else console.warn('this mount does not take down reads: only writes outside are checked');
  canary.arm();
  fs.writeFileSync(canary.file, 'x');
  fs.writeFileSync(`${canary.file}.new`, '');
  expect(canary.touched().length).toBeGreaterThanOrEqual(3);
});

describe('rule 10: instead of a state file of the runtime', () => {
  it.each(kinds)('rule 10: %s as session.json is not usable', async (kind) => {
    const { outcome, path } = await each(kind, withCandidate, (sandbox) => sandbox.path('session.json'), '');
    expect(outcome).toBe('current_rcs_session_missing');
    fs.rmSync(path, { recursive: true });
  });

  it.each(kinds)('rules 4 and 10: %s as the current run is present and unreadable', async (kind) => {
    const { outcome, path } = await each(kind, withCandidate, (sandbox) => sandbox.runFile('now'));
    expect(outcome).toBe('current_forge_unreadable');
    expect(fs.lstatSync(path, { throwIfNoEntry: false })).toBeDefined();
    fs.rmSync(path, { recursive: true });
  });

  it.each(kinds)('rules 6 and 10: %s as a prior run is no candidate', async (kind) => {
    const { sandbox, outcome, path } = await each(kind, withCandidate, (sandbox) => sandbox.runFile('old'));
    expect(outcome).toBe('no_matching_prior_forge');
    expect(sandbox.raw('now')).toBeUndefined();
    fs.rmSync(path, { recursive: true });
  });
});

describe('rule 10: instead of a file of the lock', () => {
  it.each(kinds)('protocol "Lock": %s as the lock file is refused, a large one taken', async (kind) => {
    const { sandbox, outcome, path } = await each(kind, withCandidate, (s) => s.path('.forge-resume', 'lock'));
    if (kind.includes('2 GiB')) expect(outcome).toBe('resumed_same_codex_session');
    else {
      expect(['STATE_UNSAFE', 'IO']).toContain(outcome);
      expect(sandbox.raw('now')).toBeUndefined();
    }
    fs.rmSync(path, { recursive: true });
  });

  it.each(kinds)('protocol "Lock": %s as the owner of a stale lock folder does not save the folder', async (kind) => {
    const arrange = (): Sandbox => {
      const sandbox = withCandidate();
      sandbox.putLock('1.2.ab');
      return sandbox;
    };
    const owner = (sandbox: Sandbox): string => sandbox.path('.lock.forge-session-resume', 'owner');
    expect((await each(kind, arrange, owner)).outcome).toBe('resumed_same_codex_session');
  });
});

describe('rule 10: instead of a file of ours', () => {
  it.each(kinds)('protocol "Recover": %s as a journal blocks its sessions, with nothing touched', async (kind) => {
    const { sandbox, outcome, path } = await each(kind, withCandidate, journalFile);
    expect(outcome).toBe('RECOVERY_BLOCKED');
    expect(sandbox.run('old')).toEqual(liveRun());
    expect(sandbox.raw('now')).toBeUndefined();
    fs.rmSync(path, { recursive: true });
  });

  it.each(kinds.flatMap((kind) => [[kind, 'history.jsonl'] as const, [kind, 'trails/now.json'] as const]))(
    'protocol "Transfer": %s as %s is no hindrance',
    async (kind, name) => {
      const { sandbox, outcome, path } = await each(kind, withCandidate, (s) => s.path('.forge-resume', name));
      expect(outcome).toBe('resumed_same_codex_session');
      expect(sandbox.run('now')['active']).toBe(true);
      fs.rmSync(path, { recursive: true, force: true });
    },
  );

  it.each(kinds)('protocol "Trails": %s as the trail that matters proves nothing', async (kind) => {
    const sandbox = withCandidate();
    sandbox.declare({ liveRuns: 2 });
    await sandbox.call({ session: 's1' });
    sandbox.putRun('old', liveRun({ iteration: 9 }));
    sandbox.putSessions('third');
    const canary = makeCanary(sandbox);
    const path = sandbox.path('.forge-resume', 'trails', 'now.json');
    const put = insteadOfFile[kind];
    if (put !== undefined) await putOdd(put, path, canary);
    expect((await callSafely(subject, sandbox, canary)).outcome).toBe('current_forge_active');
    const third = await callSafely(subject, sandbox, canary, { current: 'third' });
    expect(third.outcome).toBe('multiple_matching_prior_forges');
    expect(sandbox.run('old')).toEqual(liveRun({ iteration: 9 }));
    fs.rmSync(path, { recursive: true });
  });
});
