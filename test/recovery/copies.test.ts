import { describe, expect, it } from 'vitest';
import { useMemory } from '../hostile/in-memory.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { bringBack, callIn, handOver, liveIn } from './copies.ts';
import { quarantined, trailOf } from './journals.ts';

useMemory();

describe('protocol "Trails": the source of a transfer comes back to life', () => {
  it('promise 1: the next call in the current session ends it and carries its turn over', async () => {
    const sandbox = await handOver('A', 'B');
    const copy = bringBack(sandbox, 'A', { iteration: 9, note: 'late', added: 1 });
    const result = await callIn(sandbox, 'B');
    const transferId = result.recovered?.[0]?.transferId;
    expect(result).toMatchObject({ reason: 'current_forge_active', updatedCurrentOwner: false });
    expect(result.recovered).toEqual([{ transferId, outcome: 'copy_ended' }]);
    expect(sandbox.run('B')).toMatchObject({ active: true, iteration: 9, note: 'late', added: 1 });
    expect(sandbox.run('B')['owner_rcs_session_id']).toBe('B');
    expect(sandbox.run('A')).toMatchObject({ active: false, iteration: 9, stop_reason: 'ownership_transferred' });
    expect(quarantined(sandbox).get(`A-${transferId}`)).toBe(copy);
    const before = sandbox.snapshot();
    expect((await callIn(sandbox, 'B')).recovered).toBeUndefined();
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('promise 2: what the run that goes on has done meanwhile stays', async () => {
    const sandbox = await handOver('A', 'B');
    sandbox.putRun('B', { ...sandbox.run('B'), iteration: 12, note: 'went on' });
    bringBack(sandbox, 'A', { iteration: 6, note: 'late', added: 1 });
    await callIn(sandbox, 'B');
    expect(sandbox.run('B')).toMatchObject({ active: true, iteration: 12, note: 'went on' });
    expect(sandbox.run('B')).not.toHaveProperty('added');
    expect([...quarantined(sandbox).values()].map((text) => JSON.parse(text).note)).toEqual(['late']);
  });

  it('promise 1: the same bytes written back, without any progress, are ended too', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A');
    const before = sandbox.raw('B');
    expect((await callIn(sandbox, 'B')).recovered?.[0]?.outcome).toBe('copy_ended');
    expect(sandbox.raw('B')).toBe(before);
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['B']);
  });

  it('promise 1: the next call of a third session ends it, and hands the other one over', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    sandbox.putSessions('C');
    const result = await callIn(sandbox, 'C');
    expect(result).toMatchObject({ reason: 'resumed_same_codex_session', sourcePath: sandbox.runFile('B') });
    expect(result.recovered?.map(({ outcome }) => outcome)).toEqual(['copy_ended']);
    expect(sandbox.run('C')).toMatchObject({ active: true, iteration: 9, owner_rcs_session_id: 'C' });
    expect(liveIn(sandbox, ['A', 'B', 'C'])).toEqual(['C']);
    expect((await callIn(sandbox, 'C')).recovered).toBeUndefined();
  });

  it('promise 1: so does one that may take neither, since a policy names other sessions', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    sandbox.putSessions('C');
    const result = await callIn(sandbox, 'C', { allowedSessions: ['C'] });
    expect(result.reason).toBe('no_matching_prior_forge');
    expect(result.recovered?.map(({ outcome }) => outcome)).toEqual(['copy_ended']);
    expect(liveIn(sandbox, ['A', 'B', 'C'])).toEqual(['B']);
    const before = sandbox.snapshot();
    expect((await callIn(sandbox, 'C', { allowedSessions: ['C'] })).recovered).toBeUndefined();
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('promise 1: a call in its own session ends it and leaves it there', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    const result = await callIn(sandbox, 'A');
    expect(result.reason).toBe('current_forge_present');
    expect(result.recovered?.map(({ outcome }) => outcome)).toEqual(['copy_ended']);
    expect(sandbox.run('B')).toMatchObject({ active: true, iteration: 9 });
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['B']);
  });

  it('promise 1: where the run that goes on has ended meanwhile, it is left alone: the only one that lives', async () => {
    const sandbox = await handOver('A', 'B');
    sandbox.putRun('B', { ...sandbox.run('B'), active: false, current_phase: 'complete' });
    const copy = bringBack(sandbox, 'A', { iteration: 9 });
    expect((await callIn(sandbox, 'B')).recovered).toBeUndefined();
    expect(sandbox.raw('A')).toBe(copy);
    expect((await callIn(sandbox, 'A')).reason).toBe('current_forge_active');
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['A']);
    expect(trailOf(sandbox, 'A')).toBeUndefined();
  });

  it('promise 1: as often as it comes back, it is ended', async () => {
    const sandbox = await handOver('A', 'B');
    for (let iteration = 6; iteration < 10; iteration += 1) {
      bringBack(sandbox, 'A', { iteration });
      expect((await callIn(sandbox, 'B')).recovered?.[0]?.outcome).toBe('copy_ended');
      expect(sandbox.run('B')['iteration']).toBe(iteration);
    }
  });

  it('promise 1: one of a run by thread is ended as one of a run by session is', async () => {
    const sandbox = makeSandbox();
    const { owner_codex_session_id: _none, ...run } = liveRun({ owner_codex_thread_id: 't1' });
    sandbox.putRun('A', run);
    sandbox.putSessions('B');
    await sandbox.call({ thread: 't1', current: 'B' });
    bringBack(sandbox, 'A', { iteration: 7 });
    const result = await sandbox.call({ thread: 't1', current: 'B' });
    expect(result.recovered?.[0]?.outcome).toBe('copy_ended');
    expect(sandbox.run('B')['iteration']).toBe(7);
  });

  it('promise 1: one of a large run is found by the call in the current session', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('A', liveRun({ owner_rcs_session_id: 'A', log: 'x'.repeat(3_200_000) }));
    sandbox.putSessions('B');
    await callIn(sandbox, 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    expect((await callIn(sandbox, 'B')).recovered?.[0]?.outcome).toBe('copy_ended');
    expect(sandbox.run('B')['iteration']).toBe(9);
  });
});

describe('protocol "Trails": a rolled back target comes back to life', () => {
  const hook = new Error('no');

  it.each([
    ['its own session', 'B', 'current_forge_present'],
    ['the session that kept the run', 'A', 'current_forge_active'],
  ])('promise 1: a call in %s ends it and carries its progress back', async (_name, current, reason) => {
    const sandbox = await handOver('A');
    sandbox.putSessions('B');
    let target = {};
    const afterTargetWrite = (): void => {
      target = sandbox.run('B');
      throw hook;
    };
    expect(await thrownBy(sandbox.call({ session: 's1', current: 'B', hooks: { afterTargetWrite } }))).toBe(hook);
    expect(sandbox.raw('B')).toBeUndefined();
    sandbox.putRun('B', { ...target, iteration: 8 });
    const result = await callIn(sandbox, current);
    expect(result.reason).toBe(reason);
    expect(result.recovered?.map(({ outcome }) => outcome)).toEqual(['copy_ended']);
    expect(sandbox.run('A')).toMatchObject({ active: true, iteration: 8, owner_rcs_session_id: 'A' });
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['A']);
  });

  it('promise 1: a run that was handed over at the second try is no copy of the first, and is not called one', async () => {
    const sandbox = await handOver('A');
    sandbox.putSessions('B', 'C');
    const afterTargetWrite = (): never => {
      throw hook;
    };
    await thrownBy(sandbox.call({ session: 's1', current: 'B', hooks: { afterTargetWrite } }));
    expect((await callIn(sandbox, 'B')).reason).toBe('resumed_same_codex_session');
    const result = await callIn(sandbox, 'B');
    expect(result.reason).toBe('current_forge_active');
    expect(result.recovered).toBeUndefined();
    expect((await callIn(sandbox, 'C')).recovered).toBeUndefined();
    expect(liveIn(sandbox, ['A', 'B', 'C'])).toEqual(['C']);
  });
});
