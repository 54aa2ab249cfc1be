import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { storeBytes } from '../../src/rules/journal.ts';
import { useMemory } from '../hostile/in-memory.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';
import { journalFile, planned, putJournal, putOwn, quarantined, trailOf } from './journals.ts';

useMemory();

const half = '{"active": tru';

function project(runs: Readonly<Record<string, string>>): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now', 'old');
  for (const [id, content] of Object.entries(runs)) sandbox.putRun(id, content);
  return sandbox;
}

const outcomesOf = (result: { recovered?: readonly { outcome: string }[] }): readonly string[] =>
  (result.recovered ?? []).map(({ outcome }) => outcome);

describe('protocol "Recover": the call goes on', () => {
  it.each([
    ['the target was not written yet', { old: planned.before }, 'dropped', 'resumed_same_codex_session'],
    ['the source was not ended yet', { old: planned.before, now: planned.target }, 'completed', 'current_forge_active'],
    ['the trails were missing', { old: planned.source, now: planned.target }, 'finished', 'current_forge_active'],
  ])('promise 1: where %s, the next call ends with one owner', async (_name, runs, outcome, reason) => {
    const sandbox = project(runs as Record<string, string>);
    const { transferId } = putJournal(sandbox);
    const result = await sandbox.call({ session: 's1' });
    expect(result).toMatchObject({ reason, recovered: [{ transferId, outcome }] });
    expect(sandbox.run('now')).toMatchObject({ active: true, owner_rcs_session_id: 'now' });
    expect(sandbox.run('old')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(trailOf(sandbox, 'now')).toMatchObject({ left: [{ session: 'old' }] });
    expect(trailOf(sandbox, 'old')).toMatchObject({ keeper: 'now' });
  });

  it('promise 1: where the source was not ended yet, a third session takes the run from the current one', async () => {
    const sandbox = project({ old: planned.before, now: planned.target });
    sandbox.putSessions('third');
    putJournal(sandbox);
    const result = await sandbox.call({ session: 's1', current: 'third' });
    expect(result).toMatchObject({ reason: 'resumed_same_codex_session', sourcePath: sandbox.runFile('now') });
    expect(outcomesOf(result)).toEqual(['completed']);
    expect(trailOf(sandbox, 'third')).toMatchObject({ left: [{ session: 'old' }, { session: 'now' }] });
  });

  it('promise 1: a third session settles it, too, where a policy lets it take neither run', async () => {
    const sandbox = project({ old: planned.before, now: planned.target });
    sandbox.putSessions('third');
    putJournal(sandbox);
    const result = await sandbox.call({ session: 's1', current: 'third', allowedSessions: ['third'] });
    expect(result).toMatchObject({ reason: 'no_matching_prior_forge', recovered: [{ outcome: 'completed' }] });
    expect(sandbox.run('old')).toMatchObject({ active: false });
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('promise 1: the caller’s user went on in the source: the target is taken away again', async () => {
    const sandbox = project({ old: planned.before, now: planned.target });
    putJournal(sandbox);
    const result = await sandbox.call({ session: 's1', current: 'old' });
    expect(result.reason).toBe('current_forge_active');
    expect(outcomesOf(result)).toEqual(['undone']);
    expect(sandbox.run('old')).toMatchObject({ active: true, owner_rcs_session_id: 'old' });
    expect(sandbox.raw('now')).toBeUndefined();
    expect(trailOf(sandbox, 'now')).toMatchObject({ keeper: 'old' });
    expect(trailOf(sandbox, 'old')).toMatchObject({ left: [{ session: 'now', seen: 'absent' }] });
    expect(quarantined(sandbox).size).toBe(0);
  });

  it('promise 2: what the target had done meanwhile goes back with it, as a whole', async () => {
    const sandbox = project({ old: JSON.stringify(liveRun({ iteration: 6, turn: '6' })) });
    sandbox.putRun('now', liveRun({ iteration: 7, turn: '7', owner_rcs_session_id: 'now' }));
    putJournal(sandbox);
    expect(outcomesOf(await sandbox.call({ session: 's1', current: 'old' }))).toEqual(['undone']);
    expect(sandbox.run('old')).toMatchObject({ iteration: 7, turn: '7', owner_rcs_session_id: 'old' });
    expect([...quarantined(sandbox).keys()]).toEqual(['now-transfer-1', 'old-transfer-1']);
  });

  it.each([
    ['the payload does not own the run', { session: 's2' }, {}],
    ['only the target moved on', { session: 's1' }, { iteration: 9 }],
  ])('protocol "Recover": where %s, the caller of the source’s session completes', async (_name, ids, moved) => {
    const sandbox = project({ old: planned.before });
    sandbox.putRun('now', { ...(JSON.parse(planned.target) as object), ...moved });
    putJournal(sandbox);
    expect(outcomesOf(await sandbox.call({ ...ids, current: 'old' }))).toEqual(['completed']);
    expect(sandbox.run('now')['active']).toBe(true);
    expect(sandbox.run('old')['active']).toBe(false);
  });

  it('promise 1: at home, an undone transfer puts back the run that we had ended there', async () => {
    const home = JSON.stringify({ ...JSON.parse(planned.source), owner_rcs_session_id: 'now' }, null, 2);
    const sandbox = project({ old: planned.before, now: planned.target });
    putJournal(sandbox, { targetBefore: storeBytes(Buffer.from(home)) });
    expect(outcomesOf(await sandbox.call({ session: 's1', current: 'old' }))).toEqual(['undone']);
    expect(sandbox.raw('now')).toBe(home);
  });

  it('promise 5: two transfers at once are settled each by itself', async () => {
    const sandbox = project({ old: planned.before, now: planned.target });
    sandbox.putRun('x', planned.source);
    sandbox.putRun('y', JSON.stringify(liveRun({ owner_codex_session_id: 's9' })));
    putJournal(sandbox);
    putJournal(sandbox, { source: 'x', target: 'y', transferId: 'transfer-2' });
    const result = await sandbox.call({ session: 's1' });
    expect(result.reason).toBe('current_forge_active');
    expect([...outcomesOf(result)].sort()).toEqual(['completed', 'finished']);
  });

  it('protocol "Recover": a broken journal goes to quarantine, and the call goes on', async () => {
    const sandbox = project({ old: planned.before });
    putOwn(journalFile(sandbox), '{"version":2');
    const result = await sandbox.call({ session: 's1' });
    expect(result).toMatchObject({ resumed: true, recovered: [{ transferId: 'unknown', outcome: 'quarantined' }] });
    expect([...quarantined(sandbox)]).toEqual([['old-unknown', '{"version":2']]);
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
    ['source', { old: half, now: planned.target }, 'now'],
    ['source', { old: half, now: planned.target }, 'old'],
    ['target', { old: planned.before, now: half }, 'now'],
    ['target', { old: planned.before, now: half }, 'third'],
  ])('protocol "Recover": a %s that stays so blocks calls that it concerns: %j, %s', async (_name, runs, current) => {
    const sandbox = project(runs as Record<string, string>);
    sandbox.declare({ openJournal: true });
    sandbox.putSessions('third');
    const journal = putJournal(sandbox);
    const before = sandbox.snapshot();
    const error = await thrownBy(sandbox.call({ session: 's1', current }));
    expect(error).toMatchObject({ name: 'ForgeResumeError', code: 'RECOVERY_BLOCKED' });
    expect(String(error)).toContain(journalFile(sandbox));
    expect(sandbox.snapshot()).toEqual(before);
    expect(JSON.parse(fs.readFileSync(journalFile(sandbox), 'utf8'))).toEqual(journal);
  });

  it('promise 5: and never another conversation, which does not even wait for it', async () => {
    const sandbox = project({ old: half, now: planned.target });
    sandbox.declare({ openJournal: true });
    sandbox.putRun('older', liveRun({ owner_codex_session_id: 's2' }));
    sandbox.putSessions('third');
    putJournal(sandbox);
    await sandbox.call({ session: 's2', current: 'third' });
    expect(sandbox.run('third')).toMatchObject({ active: true, owner_codex_session_id: 's2' });
    expect(fs.existsSync(journalFile(sandbox))).toBe(true);
  });

  it('protocol "Recover": once it can be read, the next call settles the transfer', async () => {
    const sandbox = project({ old: half, now: planned.target });
    putJournal(sandbox);
    await thrownBy(sandbox.call({ session: 's1' }));
    sandbox.putRun('old', planned.before);
    expect(outcomesOf(await sandbox.call({ session: 's1' }))).toEqual(['completed']);
  });

  it('promise 5: costs a call little more than the 100 ms for which it waits in all', async () => {
    const sandbox = project({ old: half, now: planned.target });
    sandbox.putRun('older', half);
    sandbox.declare({ openJournal: true });
    putJournal(sandbox);
    putJournal(sandbox, { source: 'older' });
    const started = performance.now();
    await thrownBy(sandbox.call({ session: 's1' }));
    expect(performance.now() - started).toBeGreaterThan(95);
    expect(performance.now() - started).toBeLessThan(atOnceMs);
  });

  it.each(['now', 'old', 'third'])(
    'protocol "Recover": an unknown version is refused in %s, and nowhere else',
    async (current) => {
      const sandbox = project({ old: planned.before });
      sandbox.declare({ openJournal: true });
      sandbox.putSessions('third', 'fourth');
      sandbox.putOwnFolder();
      putOwn(journalFile(sandbox), '{"version":99}');
      expect(await thrownBy(sandbox.call({ session: 's1', current }))).toMatchObject({ code: 'JOURNAL_VERSION' });
      expect((await sandbox.call({ session: 's2', current: 'fourth' })).reason).toBe('no_matching_prior_forge');
      expect(fs.readFileSync(journalFile(sandbox), 'utf8')).toBe('{"version":99}');
    },
  );

  it('promise 7: of many names in the folder of journals no more than 64 are read', async () => {
    const sandbox = project({ old: planned.before });
    sandbox.declare({ openJournal: true });
    for (let count = 0; count < 300; count += 1)
      putOwn(journalFile(sandbox, { source: `a${count}`, target: `b${count}` }), '');
    const result = await sandbox.call({ session: 's1' });
    expect(result.resumed).toBe(true);
    expect(outcomesOf(result).length).toBeLessThanOrEqual(64);
    expect(fs.readdirSync(sandbox.path('.forge-resume', 'journal')).length).toBeGreaterThanOrEqual(300 - 64);
  });
});
