import { describe, expect, it } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { journalsOf, liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun } from '../support/runs.ts';

describe('fault 8: the user goes on in the session that was to be left', () => {
  const subject = useSubject();
  const moved = (number: number) => liveRun({ iteration: number, turn: number });

  it.each([
    ['nothing moved', {}],
    ['the source moved on', { old: 7 }],
    ['both moved on, the source further', { old: 8, now: 6 }],
  ] as const)('recover: undone for the caller where %s', async (_name, moves) => {
    const sandbox = projectWithRun();
    const victim = await startCaller(subject().module);
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    const { old, now } = moves as { old?: number; now?: number };
    if (old !== undefined) sandbox.putRun('old', moved(old));
    if (now !== undefined) sandbox.putRun('now', { ...sandbox.run('now'), iteration: now, turn: now });
    expect(await subject().call(orderIn(sandbox, 'old'))).toMatchObject({ reason: 'current_forge_active' });
    expect(liveIn(sandbox)).toEqual(['old']);
    expect(sandbox.run('old')).toMatchObject({ iteration: old ?? 5 });
    expect(sandbox.raw('now')).toBeUndefined();
    expect(journalsOf(sandbox)).toEqual([]);
    // And again: it stays there, until the other session calls, to which it then goes whole.
    expect(await subject().call(orderIn(sandbox, 'old'))).toMatchObject({ reason: 'current_forge_active' });
    expect(await subject().call(orderIn(sandbox, 'now'))).toMatchObject({ resumed: true });
    expect(liveIn(sandbox)).toEqual(['now']);
  });

  it('recover: another conversation in the source session undoes nothing', async () => {
    const sandbox = projectWithRun();
    const victim = await startCaller(subject().module);
    await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }));
    await subject().call(orderIn(sandbox, 'old', { payloadSessionId: 's2' }));
    expect(liveIn(sandbox)).toEqual(['now']);
  });
});
