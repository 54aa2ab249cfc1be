import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CallAnswer } from '../support/outside/call-order.ts';
import { startCaller } from '../support/outside/caller.ts';
import { liveIn, orderIn, projectWithRun, quarantineOf } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const lock = '.lock.forge-session-resume';

/** Fails the n-th fsync, and stops for a moment after each rename. */
const launcher = (nth: number, trace: string): readonly string[] => {
  const inject = [
    '-e',
    `inject=fsync:error=EIO:when=${nth}`,
    '-e',
    'inject=rename,renameat,renameat2:delay_exit=80000',
  ];
  return ['strace', '-f', '-qq', '-o', trace, '-e', 'trace=rename,renameat,renameat2,fsync', ...inject];
};

describe.runIf(needs('strace'))(
  'fault 16: what a writer puts into the old file while a sync fails',
  { timeout: 60_000 },
  () => {
    const subject = useSubject();

    /** A writer that opened a run before it was replaced, and writes turn 6 after it. */
    async function writeLate(file: string, run: object, ended: Promise<unknown>): Promise<boolean> {
      const fd = fs.openSync(file, 'r+');
      const { ino } = fs.fstatSync(fd);
      let over = false;
      void ended.then(() => {
        over = true;
      });
      const isReplaced = (): boolean => fs.statSync(file, { throwIfNoEntry: false })?.ino !== ino;
      while (!over && !isReplaced()) await pause(1);
      const late = !over && isReplaced();
      if (late) {
        const bytes = Buffer.from(JSON.stringify({ ...run, iteration: 6, turn: 6 }));
        fs.writeSync(fd, bytes, 0, bytes.length, 0);
        fs.ftruncateSync(fd, bytes.length);
      }
      fs.closeSync(fd);
      return late;
    }

    async function callFailing(sandbox: Sandbox, nth: number, id: string): Promise<[boolean, CallAnswer | 'died']> {
      const trace = join(sandbox.project, 'trace');
      const caller = await startCaller(subject().module, { launcher: launcher(nth, trace) });
      const run = sandbox.run(id);
      const ended = caller.call(orderIn(sandbox));
      const late = await writeLate(sandbox.runFile(id), run, ended);
      return [late, await ended];
    }

    it.each([1, 2, 3, 4, 5, 6, 7, 8])('promise 2: carried over in a hand-over, where sync %i fails', async (nth) => {
      const sandbox = projectWithRun();
      const [late] = await callFailing(sandbox, nth, 'old');
      await subject().call(orderIn(sandbox));
      expect(liveIn(sandbox)).toEqual(['now']);
      const kept = [sandbox.run('now')['turn'] === 6, quarantineOf(sandbox).includes('"turn":6')];
      if (late) expect(kept).toContain(true);
      if (late) expect(sandbox.run('now')).toMatchObject({ iteration: 6, turn: 6 });
    });

    it.each([1, 2, 3])('promise 2: carried over in a refresh of the owner, where sync %i fails', async (nth) => {
      const sandbox = makeSandbox();
      sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'other' }));
      const [late] = await callFailing(sandbox, nth, 'now');
      await subject().call(orderIn(sandbox));
      if (late) expect(sandbox.run('now')).toMatchObject({ iteration: 6, turn: 6, owner_rcs_session_id: 'now' });
    });
  },
);

describe.runIf(needs('strace'))(
  'fault 16: a lock folder that somebody else made meanwhile',
  { timeout: 60_000 },
  () => {
    const subject = useSubject();

    it('lock: stands all the time, and nothing is renamed onto its name', async () => {
      const sandbox = projectWithRun();
      sandbox.declare({ foreignLock: true });
      const folder = sandbox.putLock('1.1.aa', 60_000);
      const trace = join(sandbox.project, 'trace');
      const delay = ['-e', 'inject=rename,renameat,renameat2:delay_enter=400000:delay_exit=50000'];
      const strace = [
        'strace',
        '-f',
        '-qq',
        '-s',
        '300',
        '-o',
        trace,
        '-e',
        'trace=rename,renameat,renameat2',
        ...delay,
      ];
      const caller = await startCaller(subject().module, { launcher: strace });
      const call = caller.call(orderIn(sandbox));
      // Another process breaks the stale folder first, and holds the lock now.
      await pause(200);
      const fresh = join(sandbox.project, 'fresh');
      fs.mkdirSync(fresh);
      fs.writeFileSync(join(fresh, 'owner'), '2.2.bb');
      const { ino } = fs.statSync(fresh);
      const isFirst = fs.existsSync(folder) && fs.readFileSync(join(folder, 'owner'), 'utf8') === '1.1.aa';
      if (isFirst) {
        fs.renameSync(folder, join(sandbox.project, 'broken'));
        fs.renameSync(fresh, folder);
        for (let look = 0; look < 1_500; look += 1) {
          expect(fs.statSync(folder, { throwIfNoEntry: false })?.ino, 'the new folder stands').toBe(ino);
          await pause(1);
        }
      }
      await caller.kill();
      await call;
      expect(fs.readFileSync(trace, 'utf8')).not.toMatch(new RegExp(`rename.*${lock}"[,)]? .*= 0|, "[^"]*${lock}"`));
    });
  },
);
