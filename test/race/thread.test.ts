import { once } from 'node:events';
import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Crew } from '../support/race/crew.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterAll(() => crew.close());

describe('a worker thread that is ended inside the lock', () => {
  it('promise 5: frees the lock though its pid lives on; the next call is served at once', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const worker = new Worker(crew.programs.thread, { workerData: sandbox.stateDir });
    await once(worker, 'message');
    const lock = sandbox.path('.lock.forge-session-resume');
    expect(fs.readFileSync(`${lock}/owner`, 'utf8')).toMatch(new RegExp(`^${process.pid}\\.`));
    await worker.terminate();
    expect(fs.existsSync(lock)).toBe(true);
    const began = performance.now();
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect(performance.now() - began).toBeLessThan(atOnceMs);
  });

  it('promise 4: a worker thread in the lock keeps the main thread out', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const worker = new Worker(crew.programs.thread, { workerData: sandbox.stateDir });
    await once(worker, 'message');
    await expect(sandbox.call({ session: 's1', signal: AbortSignal.timeout(200) })).rejects.toThrow();
    await worker.terminate();
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ reason: 'resumed_same_codex_session' });
  });
});
