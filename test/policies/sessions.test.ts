import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** What the operating system says of this process, as a runtime notes it in `session.json`. */
const thisProcess = (): object => {
  const stat = fs.readFileSync('/proc/self/stat', 'utf8');
  return { pid: process.pid, pid_start_ticks: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) };
};

describe.runIf(process.platform === 'linux')("the policy sessionFrom: 'pointer'", () => {
  const made = (record: object | undefined): Sandbox => {
    const sandbox = makeSandbox();
    sandbox.putSessions('inherited', 'pointed');
    if (record !== undefined) sandbox.putRecord({ session_id: 'pointed', ...record });
    return sandbox;
  };
  const currentOf = async (sandbox: Sandbox, current: string, options = {}): Promise<string> =>
    (await sandbox.call({ current, session: 's1', ...options })).currentRcsSessionId;
  const pointer = { sessionFrom: 'pointer' as const };

  it('is off by default: an inherited variable comes first', async () => {
    expect(await currentOf(made(thisProcess()), 'inherited')).toBe('inherited');
  });

  it('lets a session.json that names a live process decide, by a look and under the lock', async () => {
    const hooks = { afterLockAcquired: () => undefined };
    expect(await currentOf(made(thisProcess()), 'inherited', pointer)).toBe('pointed');
    expect(await currentOf(made(thisProcess()), 'inherited', { ...pointer, hooks })).toBe('pointed');
  });

  it.each([
    ['there is none', undefined],
    ['it names no process', {}],
    ['its process is gone', { pid: 2 ** 30, pid_start_ticks: 1 }],
    ['its process is another one by now', { pid: process.pid, pid_start_ticks: 1 }],
    ['it is of another project', { ...thisProcess(), cwd: '/' }],
  ])('leaves it to the variables where %s', async (_name, record) => {
    expect(await currentOf(made(record), 'inherited', pointer)).toBe('inherited');
  });

  it('leaves it to session.json as ever where no variable names a session that is there', async () => {
    expect(await currentOf(made({}), 'nowhere', pointer)).toBe('pointed');
  });
});

describe('the policy allowedSessions', () => {
  const withTwo = (): Sandbox => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 2 });
    sandbox.putSessions('now');
    for (const id of ['one', 'two']) sandbox.putRun(id, liveRun({ owner_rcs_session_id: id }));
    return sandbox;
  };

  it('is off by default: runs of every session are candidates', async () => {
    expect(await withTwo().call({ session: 's1' })).toMatchObject({ reason: 'multiple_matching_prior_forges' });
  });

  it('makes candidates of the named sessions alone', async () => {
    const sandbox = withTwo();
    expect(await sandbox.call({ session: 's1', allowedSessions: ['two', 'three'] })).toMatchObject({
      resumed: true,
      sourcePath: sandbox.runFile('two'),
    });
    expect(sandbox.run('one')['active']).toBe(true);
  });

  it('leaves none where none is named, without a lock, and ends no stale run of another session', async () => {
    const sandbox = withTwo();
    const before = sandbox.snapshot();
    const policies = { allowedSessions: [], staleAfter: 1 };
    expect(await sandbox.call({ session: 's1', ...policies })).toMatchObject({ reason: 'no_matching_prior_forge' });
    expect(sandbox.snapshot()).toEqual(before);
    expect(sandbox.tree()).not.toContain('.rcs/state/.forge-resume/');
  });

  it.each(['one', [1], ['no id!']])('refuses %j', async (allowedSessions) => {
    const call = makeSandbox().call({ session: 's1', allowedSessions: allowedSessions as string[] });
    await expect(call).rejects.toThrow(/allowedSessions must be a list of session ids/);
  });
});
