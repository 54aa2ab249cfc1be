import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallClock } from '../../src/call/options.ts';
import { runCall } from '../../src/call/run-call.ts';
import { Crew } from '../support/race/crew.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

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

describe('a holder that is stopped inside the lock', () => {
  it.each(['recover', 'prepare', 'writeSource', 'commit'])(
    'promise 5: before %s, its folder looking 60 s old: nobody else comes in, and it finishes when it goes on',
    async (step) => {
      const sandbox = makeSandbox();
      sandbox.putRun('old', liveRun());
      sandbox.putSessions('a', 'now');
      const holder = await crew.start('child').ready();
      const call = holder.call({
        stateDir: sandbox.stateDir,
        session: 's1',
        current: 'a',
        steps: [{ step, deed: 'stop' }],
      });
      await holder.stopped();
      const old = (Date.now() - 60_000) / 1_000;
      fs.utimesSync(sandbox.path('.lock.forge-session-resume'), old, old);
      const before = sandbox.snapshot();
      let entered = 0;
      const other = await runCall(
        {
          stateDir: sandbox.stateDir,
          payloadSessionId: 's1',
          env: { RCS_SESSION_ID: 'now' },
          hooks: { afterLockAcquired: () => (entered += 1) },
        },
        { clock: fastClock },
      );
      expect(other).toMatchObject({ reason: 'resume_lock_timeout', currentRcsSessionId: '' });
      expect(entered).toBe(0);
      expect(sandbox.snapshot()).toEqual(before);
      holder.continue();
      expect(await call).toMatchObject({ reason: 'resumed_same_codex_session', actorErrors: [] });
      expect(sandbox.run('a')['active']).toBe(true);
    },
  );
});
