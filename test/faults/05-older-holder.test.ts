import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { deadPid } from '../support/processes.ts';
import { thrownBy } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const maySeparate = process.getuid?.() === 0 && needs('unshare');
if (!maySeparate) console.warn('left out: a holder in another pid namespace (it takes root and unshare)');

describe('fault 5: an older holder is judged by the age of its folder alone', { timeout: 30_000 }, () => {
  const subject = useSubject();

  /** Calls for as long as a dead holder of the first build was given, and longer; the folder must stand. */
  async function expectRespected(sandbox: Sandbox, millis: number): Promise<void> {
    const lock = sandbox.path('.lock.forge-session-resume');
    sandbox.declare({ foreignLock: true });
    const { ino } = fs.statSync(lock);
    const reason = new Error('long enough');
    const stop = new AbortController();
    const call = thrownBy(subject().call({ ...orderIn(sandbox), signal: stop.signal }));
    const ended = await Promise.race([call, pause(millis, 'waiting')]);
    stop.abort(reason);
    expect(ended).toBe('waiting');
    expect(await call).toBe(reason);
    expect(fs.statSync(lock).ino).toBe(ino);
    expect(liveIn(sandbox)).toEqual(['old']);
  }

  it.each([
    ['a pid that answers nobody here', (pid: number) => `${pid}.1700000000000.abc`, 1_500],
    ['a pid that answers nobody here, 6 s old', (pid: number) => `${pid}.1700000000000.abc`, 6_000],
    ['a pid of another process', () => `1.1700000000000.abc`, 3_000],
    ['no token', () => undefined, 3_000],
    ['a token of another kind', () => 'somebody', 6_000],
  ] as const)('rule 1: %s', async (_name, token, age) => {
    const sandbox = projectWithRun();
    sandbox.putLock(token(await deadPid()), age);
    await expectRespected(sandbox, 500);
  });

  it.runIf(maySeparate)('rule 1: a live holder in another pid namespace', async () => {
    const sandbox = projectWithRun();
    const lock = sandbox.path('.lock.forge-session-resume');
    const script = `mkdir ${lock} && printf '%s.1700000000000.abc' $$ > ${lock}/owner && exec sleep 60`;
    const holder = spawn('unshare', ['--pid', '--fork', '--kill-child', 'sh', '-c', script], { stdio: 'ignore' });
    onTestFinished(() => void holder.kill('SIGKILL'));
    while (!fs.existsSync(join(lock, 'owner'))) await pause(2);
    await expectRespected(sandbox, 1_800);
  });
});
