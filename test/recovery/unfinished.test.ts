import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { restoreBytes, storeBytes } from '../../src/rules/journal.ts';
import { useMemory } from '../hostile/in-memory.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { journalFile, makeJournal, planned, putJournal, putReceipt, receiptsIn } from './journals.ts';

useMemory();

const half = '{"active": tru';

function project(runs: Readonly<Record<string, string>>): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now', 'old');
  for (const [id, content] of Object.entries(runs)) sandbox.putRun(id, content);
  return sandbox;
}

describe('protocol "Recover": the call goes on', () => {
  it.each([
    ['the target was not written yet', { old: planned.before }, 'dropped', 'resumed_same_codex_session'],
    ['the source was not ended yet', { old: planned.before, now: planned.target }, 'completed', 'current_forge_active'],
    ['the receipt was missing', { old: planned.source, now: planned.target }, 'finished', 'current_forge_active'],
    ['the target was lost', { old: planned.source }, 'restored', 'current_forge_active'],
  ])('promise 1: where %s, the next call ends with one owner', async (_name, runs, outcome, reason) => {
    const sandbox = project(runs as Record<string, string>);
    const { transferId } = putJournal(sandbox);
    const result = await sandbox.call({ session: 's1' });
    expect(result).toMatchObject({ reason, recovered: [{ transferId, outcome }] });
    expect(sandbox.run('now')).toMatchObject({ active: true, owner_rcs_session_id: 'now' });
    expect(sandbox.run('old')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(receiptsIn(sandbox)).toHaveLength(1);
  });

  it('promise 1: where the source was not ended yet, a third session takes the run from the current one', async () => {
    const sandbox = project({ old: planned.before, now: planned.target });
    sandbox.putSessions('third');
    putJournal(sandbox);
    const result = await sandbox.call({ session: 's1', current: 'third' });
    expect(result).toMatchObject({ reason: 'resumed_same_codex_session', sourcePath: sandbox.runFile('now') });
    expect(result.recovered?.map(({ outcome }) => outcome)).toEqual(['completed']);
  });

  it('protocol "Recover": a lost target is created with its folder, and takes the source’s owner', async () => {
    const sandbox = project({ old: planned.source });
    fs.rmdirSync(sandbox.path('sessions', 'now'));
    putJournal(sandbox);
    expect((await sandbox.call({ session: 's1', current: 'old' })).recovered?.[0]?.outcome).toBe('restored');
    expect(sandbox.raw('now')).toBe(planned.target);
    expect(fs.statSync(sandbox.runFile('now')).mode & 0o777).toBe(0o600);
  });

  it('protocol "Recover": bytes that are no UTF-8 are compared as bytes', async () => {
    const bytes = Buffer.concat([Buffer.from('{"active":false,"x":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const sandbox = project({ now: planned.target });
    sandbox.putRun('old', bytes);
    const { source } = makeJournal();
    const journal = putJournal(sandbox, { source: { ...source, after: storeBytes(bytes) } });
    expect((await sandbox.call({ current: 'now' })).recovered?.[0]?.outcome).toBe('finished');
    expect(restoreBytes(journal.source.after)).toEqual(fs.readFileSync(sandbox.runFile('old')));
  });

  it('protocol "Recover": the rows do not depend on who calls, nor on a missing identity', async () => {
    const sandbox = project({ old: planned.before, now: planned.target });
    putJournal(sandbox);
    const result = await sandbox.call({ current: 'nobody' });
    expect(result).toMatchObject({ reason: 'current_rcs_session_missing', recovered: [{ outcome: 'completed' }] });
  });

  it('protocol "Transfer": a rolled back target whose journal stayed is dropped', async () => {
    const sandbox = project({ old: planned.before });
    const { transferId } = putJournal(sandbox);
    putReceipt(sandbox, { transferId, outcome: 'rolled_back' });
    const result = await sandbox.call({ current: 'old', session: 's1' });
    expect(result.recovered).toEqual([{ transferId, outcome: 'finished' }]);
    expect(fs.existsSync(journalFile(sandbox))).toBe(false);
    expect(receiptsIn(sandbox).map(({ outcome }) => outcome)).toEqual(['rolled_back']);
    expect(sandbox.raw('old')).toBe(planned.before);
  });

  it('protocol "Transfer": a journal whose id has a receipt is finished, whatever the runs say', async () => {
    const sandbox = project({ old: planned.source, now: JSON.stringify(liveRun({ started_at: 'later' })) });
    const journal = putJournal(sandbox);
    putReceipt(sandbox);
    expect((await sandbox.call({ current: 'nobody' })).recovered).toEqual([
      { transferId: journal.transferId, outcome: 'finished' },
    ]);
    expect(receiptsIn(sandbox)).toEqual([journal]);
    expect(sandbox.raw('old')).toBe(planned.source);
  });
});

describe('protocol "Recover": a run that cannot be read', () => {
  it('protocol "Recover": becomes readable within 100 ms and is settled in the same call', async () => {
    const sandbox = project({ old: half, now: planned.target });
    putJournal(sandbox);
    let timer: NodeJS.Timeout | undefined;
    const afterLockAcquired = (): void => {
      timer = setTimeout(() => sandbox.putRun('old', planned.before), 30);
    };
    const result = await sandbox.call({ session: 's1', hooks: { afterLockAcquired } });
    clearTimeout(timer);
    expect(result.recovered?.[0]?.outcome).toBe('completed');
  });

  it.each([
    ['source', { old: half, now: planned.target }],
    ['target', { old: planned.before, now: half }],
  ])('protocol "Recover": a %s that stays so keeps the journal, and a hand-over is refused', async (_name, runs) => {
    const sandbox = project(runs as Record<string, string>);
    sandbox.declare({ openJournal: true, liveRuns: 2 });
    sandbox.putRun('older', liveRun({ owner_codex_session_id: 's2' }));
    sandbox.putSessions('third');
    const journal = putJournal(sandbox);
    const before = sandbox.snapshot();
    const error = await thrownBy(sandbox.call({ session: 's2', current: 'third' }));
    expect(error).toMatchObject({ name: 'ForgeResumeError', code: 'RECOVERY_BLOCKED' });
    expect(String(error)).toContain(journalFile(sandbox));
    expect(sandbox.snapshot()).toEqual(before);
    expect(JSON.parse(fs.readFileSync(journalFile(sandbox), 'utf8'))).toEqual(journal);
  });

  it('protocol "Recover": once it can be read, the next call settles the transfer', async () => {
    const sandbox = project({ old: half, now: planned.target });
    const { transferId } = putJournal(sandbox);
    expect((await sandbox.call({ session: 's1' })).recovered).toEqual([{ transferId, outcome: 'kept' }]);
    sandbox.putRun('old', planned.before);
    expect((await sandbox.call({ session: 's1' })).recovered).toEqual([{ transferId, outcome: 'completed' }]);
    expect(receiptsIn(sandbox)).toHaveLength(1);
  });

  it('promise 5: costs a call little more than the 100 ms for which it waits', async () => {
    const sandbox = project({ old: half, now: planned.target });
    sandbox.declare({ openJournal: true });
    putJournal(sandbox);
    const started = performance.now();
    await sandbox.call({ session: 's1' });
    expect(performance.now() - started).toBeGreaterThan(95);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
