import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallClock } from '../../src/call/options.ts';
import { runCall } from '../../src/call/run-call.ts';
import { Crew } from '../support/race/crew.ts';
import { observeSteps } from '../support/race/steps.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

/** A clock on which `lockTimeout` is over after half a second. */
const fastClock: CallClock = {
  setTimeout: (action, ms) => setTimeout(action, ms / 10),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
const removeLockFile = (sandbox: Sandbox): void => {
  fs.unlinkSync(sandbox.path('.forge-resume', 'lock'));
};
/** A call that loses its lock to a second process in `afterLockAcquired`; `meanwhile` runs once that one is in. */
const callThatLoses = async (sandbox: Sandbox, meanwhile: () => Promise<void> | void) => {
  const errors: string[] = [];
  const other = await crew.start('child').ready();
  sandbox.putSessions('now', 'b');
  let otherCall: ReturnType<typeof other.call> | undefined;
  const options = {
    stateDir: sandbox.stateDir,
    payloadSessionId: 's1',
    env: { RCS_SESSION_ID: 'now' },
    hooks: {
      afterLockAcquired: async () => {
        if (otherCall !== undefined) return;
        removeLockFile(sandbox);
        otherCall = other.call({
          stateDir: sandbox.stateDir,
          session: 's1',
          current: 'b',
          steps: [{ step: 'afterLockAcquired', deed: 'wait' }],
        });
        await other.inside();
        await meanwhile();
      },
    },
    inspect: observeSteps({ onError: (name, code) => errors.push(`${name} ${code}`) }),
  };
  const mine = runCall(options, { clock: fastClock });
  return { mine, other, errors, otherAnswer: () => otherCall };
};
const live = (sandbox: Sandbox): readonly string[] =>
  ['old', 'now', 'b'].filter((id) => sandbox.raw(id) !== undefined && sandbox.run(id)['active'] === true);

describe('a lock file that is removed under its holder', () => {
  it('promise 4: LOCK_LOST is noticed before the first write; the loser goes on once the other is out', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    const { mine, other, errors, otherAnswer } = await callThatLoses(sandbox, () => undefined);
    while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(errors).toEqual(['prepare LOCK_LOST']);
    expect(live(sandbox)).toEqual(['old']);
    other.go();
    expect(await otherAnswer()).toMatchObject({ reason: 'resumed_same_codex_session', actorErrors: [] });
    expect(await mine).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect(live(sandbox)).toEqual(['now']);
    expect(sandbox.run('b')).toMatchObject({ stop_reason: 'ownership_transferred' });
  });

  it('promise 4: the loser throws LOCK_LOST where the other stays in for longer than lockTimeout', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    const { mine, other, errors, otherAnswer } = await callThatLoses(sandbox, () => undefined);
    expect(await thrownBy(mine)).toMatchObject({ name: 'ForgeResumeError', code: 'LOCK_LOST' });
    expect(errors).toEqual(['prepare LOCK_LOST']);
    expect(live(sandbox)).toEqual(['old']);
    other.go();
    expect(await otherAnswer()).toMatchObject({ reason: 'resumed_same_codex_session', actorErrors: [] });
    expect(live(sandbox)).toEqual(['b']);
  });

  it('promise 4: a refresh of the owner is not written after the lock was lost', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'somebody' }));
    const before = sandbox.raw('now');
    const { mine, other, errors, otherAnswer } = await callThatLoses(sandbox, () => undefined);
    expect(await thrownBy(mine)).toMatchObject({ code: 'LOCK_LOST' });
    expect(errors).toEqual(['updateOwner LOCK_LOST']);
    expect(sandbox.raw('now')).toBe(before);
    other.go();
    expect(await otherAnswer()).toMatchObject({ reason: 'resumed_same_codex_session' });
  });

  it('promise 4: a call that is lost between its writes leaves its journal to the one that took the lock', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now', 'b');
    const errors: string[] = [];
    const other = await crew.start('child').ready();
    const result = await runCall(
      {
        stateDir: sandbox.stateDir,
        payloadSessionId: 's1',
        env: { RCS_SESSION_ID: 'now' },
        hooks: {
          afterTargetWrite: async () => {
            if (errors.length > 0) return;
            removeLockFile(sandbox);
            const answer = await other.call({ stateDir: sandbox.stateDir, session: 's1', current: 'b' });
            expect(answer).toMatchObject({
              reason: 'resumed_same_codex_session',
              recovered: [{ outcome: 'completed' }],
              actorErrors: [],
            });
            errors.push('taken');
          },
        },
        inspect: observeSteps({ onError: (name, code) => errors.push(`${name} ${code}`) }),
      },
      { clock: fastClock },
    );
    expect(errors[0]).toBe('taken');
    expect(errors[1]).toMatch(/ LOCK_LOST$/);
    expect(live(sandbox)).toEqual(['b']);
    expect(result).toMatchObject({ reason: 'current_forge_present', resumed: false });
  });

  it('promise 4: temp files of the one that took the lock survive the loser', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    const temp = sandbox.path('sessions', 'now', '.forge-state.json.forge-resume');
    const { mine, other, otherAnswer } = await callThatLoses(sandbox, () => {
      fs.writeFileSync(temp, 'of the other');
    });
    expect(await thrownBy(mine)).toMatchObject({ code: 'LOCK_LOST' });
    expect(fs.readFileSync(temp, 'utf8')).toBe('of the other');
    sandbox.declare({ own: new Set([temp]) });
    other.go();
    expect(await otherAnswer()).toMatchObject({ reason: 'resumed_same_codex_session' });
  });
});
