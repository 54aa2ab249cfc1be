import { describe, expect, it } from 'vitest';
import { useMemory } from '../hostile/in-memory.ts';
import { bringBack, callIn, handOver, liveIn } from './copies.ts';

useMemory();

const outcomes = (result: { recovered?: readonly { outcome: string }[] }): readonly string[] | undefined =>
  result.recovered?.map(({ outcome }) => outcome);
const all = ['A', 'B', 'C', 'D'];

describe('protocol "Trails": a run that went from A to B to C', () => {
  it.each([
    ['A', 'A', 'current_forge_present'],
    ['A', 'B', 'current_forge_present'],
    ['A', 'C', 'current_forge_active'],
    ['A', 'D', 'resumed_same_codex_session'],
    ['B', 'A', 'current_forge_present'],
    ['B', 'B', 'current_forge_present'],
    ['B', 'C', 'current_forge_active'],
    ['B', 'D', 'resumed_same_codex_session'],
  ])('promise 1: %s comes back, and the next call is in %s', async (copy, current, reason) => {
    const sandbox = await handOver('A', 'B', 'C');
    sandbox.putSessions('D');
    bringBack(sandbox, copy, { iteration: 9, note: 'late' });
    const result = await callIn(sandbox, current);
    expect(result.reason).toBe(reason);
    const keeper = current === 'D' ? 'D' : 'C';
    // A call in another session than those of the chain behind it need not look; the next one in the current does.
    if (outcomes(result) === undefined) expect(outcomes(await callIn(sandbox, 'C'))).toEqual(['copy_ended']);
    else expect(outcomes(result)).toEqual(['copy_ended']);
    expect(liveIn(sandbox, all)).toEqual([keeper]);
    expect(sandbox.run(keeper)).toMatchObject({ iteration: 9, note: 'late', owner_rcs_session_id: keeper });
    expect((await callIn(sandbox, current)).recovered).toBeUndefined();
  });

  it.each(['C', 'D'])('promise 1: A and B both come back, and the next call is in %s', async (current) => {
    const sandbox = await handOver('A', 'B', 'C');
    sandbox.putSessions('D');
    bringBack(sandbox, 'A', { iteration: 7, fromA: true });
    bringBack(sandbox, 'B', { iteration: 9, fromB: true });
    expect(outcomes(await callIn(sandbox, current))).toEqual(['copy_ended', 'copy_ended']);
    expect(liveIn(sandbox, all)).toEqual([current]);
    expect(sandbox.run(current)).toMatchObject({ iteration: 9, fromB: true });
    expect(sandbox.run(current)).not.toHaveProperty('fromA');
  });

  it('promise 1: a long chain is followed to its end', async () => {
    const sessions = Array.from({ length: 12 }, (_none, index) => `S${index}`);
    const sandbox = await handOver(...sessions);
    bringBack(sandbox, 'S0', { iteration: 20 });
    bringBack(sandbox, 'S7', { iteration: 21 });
    expect(outcomes(await callIn(sandbox, 'S11'))).toEqual(['copy_ended', 'copy_ended']);
    expect(liveIn(sandbox, sessions)).toEqual(['S11']);
    expect(sandbox.run('S11')['iteration']).toBe(21);
  });
});
