import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalFile, putJournal, putOwn } from '../recovery/journals.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { type Canary, makeCanary } from './canary.ts';
import { callSafely, makeAged, putOdd } from './case.ts';
import { useMemory } from './in-memory.ts';
import { insteadOfFolder, isLink } from './odd-things.ts';
import { openSubject, type Subject } from './subject.ts';

useMemory();

let subject: Subject;
beforeAll(async () => {
  subject = await openSubject();
});
afterAll(() => subject.close());

const kinds = Object.keys(insteadOfFolder);

function withCandidate(): { readonly sandbox: Sandbox; readonly canary: Canary } {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return { sandbox, canary: makeCanary(sandbox) };
}

async function put(sandbox: Sandbox, kind: string, path: string, canary: Canary): Promise<void> {
  sandbox.declare({ own: new Set([path]) });
  const thing = insteadOfFolder[kind];
  if (thing === undefined) throw new Error(`no such thing: ${kind}`);
  await putOdd(thing, path, canary);
}

describe('rule 10: instead of a folder of the runtime', () => {
  it.each(kinds)('rule 10: %s as sessions/', async (kind) => {
    const { sandbox, canary } = withCandidate();
    await put(sandbox, kind, sandbox.path('sessions'), canary);
    const { outcome } = await callSafely(subject, sandbox, canary);
    expect(outcome).toBe(isLink(kind) ? 'STATE_UNSAFE' : 'current_rcs_session_missing');
  });

  it.each(kinds)('rule 10: %s as the current session', async (kind) => {
    const { sandbox, canary } = withCandidate();
    await put(sandbox, kind, sandbox.path('sessions', 'now'), canary);
    const { outcome } = await callSafely(subject, sandbox, canary);
    expect(isLink(kind) ? ['STATE_UNSAFE'] : ['STATE_UNSAFE', 'IO']).toContain(outcome);
    expect(sandbox.run('old')).toEqual(liveRun());
  });

  it.each(kinds)('rules 6 and 10: %s as a prior session holds no candidate', async (kind) => {
    const { sandbox, canary } = withCandidate();
    await put(sandbox, kind, sandbox.path('sessions', 'old'), canary);
    expect((await callSafely(subject, sandbox, canary)).outcome).toBe('no_matching_prior_forge');
  });

  it.each(kinds)('rules 1 and 10: %s as the lock folder, 20 s old, is removed as it is', async (kind) => {
    const { sandbox, canary } = withCandidate();
    const lock = sandbox.path('.lock.forge-session-resume');
    await put(sandbox, kind, lock, canary);
    makeAged(lock);
    expect((await callSafely(subject, sandbox, canary)).outcome).toBe('resumed_same_codex_session');
  });

  it('rule 1: a young link in place of the lock folder is somebody else’s and stays', async () => {
    const { sandbox, canary } = withCandidate();
    const lock = sandbox.path('.lock.forge-session-resume');
    await put(sandbox, 'a link to a folder outside', lock, canary);
    canary.arm();
    await expect(sandbox.call({ session: 's1', signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
    expect(canary.touched()).toEqual([]);
    fs.unlinkSync(lock);
  });
});

describe('rule 10: instead of a folder of ours', () => {
  it.each(kinds)('protocol "Our folder": %s as .forge-resume', async (kind) => {
    const { sandbox, canary } = withCandidate();
    await put(sandbox, kind, sandbox.path('.forge-resume'), canary);
    const { outcome } = await callSafely(subject, sandbox, canary);
    expect(isLink(kind) ? ['STATE_UNSAFE'] : ['STATE_UNSAFE', 'IO']).toContain(outcome);
    expect(sandbox.run('old')).toEqual(liveRun());
  });

  it.each(['journal', 'trails', 'quarantine'].flatMap((name) => kinds.map((kind) => [kind, name] as const)))(
    'protocol "Our folder": %s as %s',
    async (kind, name) => {
      const { sandbox, canary } = withCandidate();
      await put(sandbox, kind, sandbox.path('.forge-resume', name), canary);
      const { outcome } = await callSafely(subject, sandbox, canary);
      if (outcome !== 'resumed_same_codex_session') {
        expect(['STATE_UNSAFE', 'IO']).toContain(outcome);
        expect(sandbox.raw('now')).toBeUndefined();
        expect(sandbox.run('old')).toEqual(liveRun());
      }
    },
  );

  it.each(kinds)('protocol "Recover": %s as quarantine, when a journal has to go there', async (kind) => {
    const { sandbox, canary } = withCandidate();
    await put(sandbox, kind, sandbox.path('.forge-resume', 'quarantine'), canary);
    putOwn(journalFile(sandbox), 'garbage');
    sandbox.declare({ openJournal: true });
    expect((await callSafely(subject, sandbox, canary)).outcome).toBe('RECOVERY_BLOCKED');
    expect(fs.readFileSync(journalFile(sandbox), 'utf8')).toBe('garbage');
  });
});

describe('rule 10: a link on the way to a run that recovery would write', () => {
  it.each([
    ['sessions', 'sessions'],
    ['the prior session', 'sessions/old'],
    ['the current session', 'sessions/now'],
  ])('rule 10: %s is a link while a transfer is unfinished', async (_name, place) => {
    const { sandbox, canary } = withCandidate();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    sandbox.declare({ openJournal: true });
    putJournal(sandbox);
    await put(sandbox, 'a link to a folder outside', sandbox.path(place), canary);
    await callSafely(subject, sandbox, canary);
    await callSafely(subject, sandbox, canary, { current: 'third' });
  });

  it.each([
    ['the copy', 'old', 'now'],
    ['the copy, for a third session', 'old', 'third'],
    ['the run that goes on', 'now', 'third'],
    ['the run that goes on, for the session of the copy', 'now', 'old'],
  ])('rule 10: %s is in a linked session while a copy has come back', async (_name, linked, current) => {
    const { sandbox, canary } = withCandidate();
    await sandbox.call({ session: 's1' });
    sandbox.putRun('old', liveRun({ iteration: 9 }));
    sandbox.putSessions('third');
    sandbox.declare({ liveRuns: 2 });
    await put(sandbox, 'a link to a folder outside', sandbox.path('sessions', linked), canary);
    await callSafely(subject, sandbox, canary, { current });
  });

  it('rule 10: a lock file with a second name is not given another owner', async () => {
    const { sandbox, canary } = withCandidate();
    fs.mkdirSync(sandbox.path('.forge-resume'));
    fs.linkSync(canary.file, sandbox.path('.forge-resume', 'lock'));
    // Only a privileged process sets owners; for any other one the link alone is the case.
    if (process.geteuid?.() === 0) fs.chownSync(sandbox.stateDir, 1_234, 1_234);
    canary.arm();
    await sandbox.call({ signal: AbortSignal.timeout(200) }).catch(() => undefined);
    expect(canary.touched()).toEqual([]);
  });
});
