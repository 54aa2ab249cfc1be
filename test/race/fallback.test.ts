import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Crew } from '../support/race/crew.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

const lockOf = (sandbox: Sandbox): string => sandbox.path('.lock.forge-session-resume');
const makeOld = (sandbox: Sandbox): void => {
  const old = (Date.now() - 60_000) / 1_000;
  fs.utimesSync(lockOf(sandbox), old, old);
};
const twoCallers = async () => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('a', 'b');
  const [first, second] = [crew.start('childWithoutAddon'), crew.start('childWithoutAddon')];
  await Promise.all([first.ready(), second.ready()]);
  const order = (current: string) => ({ stateDir: sandbox.stateDir, session: 's1', current });
  return { sandbox, first, second, order };
};

describe('the lock where the addon cannot be found', () => {
  it('promise 4: is the folder alone; a second process waits until the first is out', async () => {
    const { sandbox, first, second, order } = await twoCallers();
    const firstCall = first.call({ ...order('a'), steps: [{ step: 'afterLockAcquired', deed: 'wait' }] });
    await first.inside();
    const token = fs.readFileSync(join(lockOf(sandbox), 'owner'), 'utf8');
    expect(token).toMatch(new RegExp(`^${first.pid}\\.\\d+\\.[0-9a-f]+ folder `));
    const secondCall = second.call(order('b'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(fs.readFileSync(join(lockOf(sandbox), 'owner'), 'utf8')).toBe(token);
    first.go();
    expect(await firstCall).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect(await secondCall).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect(sandbox.run('b')['active']).toBe(true);
  });

  it('promise 4: a stopped holder that lives on this host is not broken, however old its folder is', async () => {
    const { sandbox, first, second, order } = await twoCallers();
    const firstCall = first.call({ ...order('a'), steps: [{ step: 'recover', deed: 'stop' }] });
    await first.stopped();
    makeOld(sandbox);
    expect(await second.call(order('b'))).toMatchObject({ reason: 'resume_lock_timeout', resumed: false });
    first.continue();
    expect(await firstCall).toMatchObject({ reason: 'resumed_same_codex_session', actorErrors: [] });
  });

  it('promise 5: a dead holder is cleared once its folder is 10 s old and was watched for 3 s', async () => {
    const { sandbox, first, second, order } = await twoCallers();
    expect(await first.call({ ...order('a'), steps: [{ step: 'recover', deed: 'kill' }] })).toBe('died');
    makeOld(sandbox);
    const next = await second.call(order('b'));
    expect(next).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect(next === 'died' ? 0 : next.millis).toBeGreaterThan(2_900);
    expect(next === 'died' ? 0 : next.millis).toBeLessThan(5_000);
  });

  it('promise 5: a folder from the future and a breaker that died are no hindrance for ever', async () => {
    const { sandbox, first, second, order } = await twoCallers();
    expect(await first.call({ ...order('a'), steps: [{ step: 'recover', deed: 'kill' }] })).toBe('died');
    const future = (Date.now() + 3_600_000) / 1_000;
    fs.utimesSync(lockOf(sandbox), future, future);
    fs.mkdirSync(sandbox.path('.forge-resume', 'breaking'), { recursive: true });
    fs.utimesSync(sandbox.path('.forge-resume', 'breaking'), future, future);
    expect(await second.call(order('b'))).toMatchObject({ reason: 'resume_lock_timeout' });
    expect(fs.statSync(lockOf(sandbox)).mtimeMs).toBeLessThan(Date.now());
    makeOld(sandbox);
    expect(await second.call(order('b'))).toMatchObject({ reason: 'resumed_same_codex_session' });
  });

  it('rule 7: a holder killed between the writes is recovered from', async () => {
    const { sandbox, first, second, order } = await twoCallers();
    expect(await first.call({ ...order('a'), steps: [{ step: 'afterTargetWrite', deed: 'kill' }] })).toBe('died');
    makeOld(sandbox);
    expect(await second.call(order('b'))).toMatchObject({
      reason: 'resumed_same_codex_session',
      recovered: [{ outcome: 'completed' }],
    });
    expect(sandbox.run('a')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
  });
});
