import { setTimeout as pause } from 'node:timers/promises';
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

describe('a holder that is stopped inside the lock for 30 s', { timeout: 120_000 }, () => {
  it.each(['child', 'childWithoutAddon'] as const)(
    'promise 5: others (%s) get resume_lock_timeout, none enters; then it finishes',
    async (program) => {
      const sandbox = makeSandbox();
      sandbox.putRun('old', liveRun());
      const holder = await crew.start(program).ready();
      sandbox.putSessions('a', 'b', 'c');
      const call = holder.call({
        stateDir: sandbox.stateDir,
        session: 's1',
        current: 'a',
        steps: [{ step: 'afterTargetWrite', deed: 'stop' }],
      });
      await holder.stopped();
      const stopped = performance.now();
      const before = sandbox.snapshot();
      let timeouts = 0;
      const caller = async (current: string): Promise<void> => {
        const child = await crew.start(program).ready();
        while (performance.now() - stopped < 25_000) {
          const order = { stateDir: sandbox.stateDir, session: 's1', current };
          expect(await child.call(order)).toMatchObject({ reason: 'resume_lock_timeout' });
          timeouts += 1;
        }
      };
      await Promise.all([caller('b'), caller('c')]);
      await pause(Math.max(0, 30_000 - (performance.now() - stopped)));
      expect(sandbox.snapshot()).toEqual(before);
      holder.continue();
      expect(await call).toMatchObject({ reason: 'resumed_same_codex_session', actorErrors: [] });
      console.log(`paused holder (${program}): stopped for 30 s, ${timeouts} calls timed out, none entered`);
      expect(timeouts).toBeGreaterThanOrEqual(10);
    },
  );
});
