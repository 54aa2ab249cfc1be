import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Crew } from '../support/race/crew.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

const ended = { active: false, current_phase: 'cancelled', stop_reason: 'ownership_transferred' };

describe('an older runtime that hands a run over after a call of this version was killed', () => {
  it('promise 1: before its target was written: the next call does not bring a second owner to life', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('a', 'now');
    const child = await crew.start('child').ready();
    const order = { stateDir: sandbox.stateDir, session: 's1', current: 'a' };
    expect(await child.call({ ...order, steps: [{ step: 'writeTarget', deed: 'kill' }] })).toBe('died');
    // The older runtime knows no journal; it breaks the lock folder once that is stale.
    sandbox.putRun('b', liveRun({ owner_rcs_session_id: 'b' }));
    sandbox.putRun('old', liveRun({ ...ended, completed_at: '2026-01-03T00:00:00.000Z' }));
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect(sandbox.raw('a')).toBeUndefined();
    expect(sandbox.run('now')).toMatchObject({ active: true, owner_rcs_session_id: 'now' });
    expect(sandbox.run('b')['active']).toBe(false);
  });
});
