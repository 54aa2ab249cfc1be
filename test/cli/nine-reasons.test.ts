import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../src/rules/protocol.ts';
import { notification, secret, stopEvent } from '../support/payloads.ts';
import { type Ended, logOf, oneLine, runProgram, silent } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { readTree } from '../support/tree.ts';

const env = { RCS_SESSION_ID: 'now' };

/** Each way in with a payload as its agent sends it, and a run that it can resume. */
const ways = [
  {
    way: 'notify',
    event: 'agent-turn-complete',
    ids: { sessionId: '', threadId: 't1' },
    run: threadRun,
    call: ({ project }: Sandbox, fields?: object): Promise<Ended> =>
      runProgram(['notify', notification(project, { ...fields })], { env }),
    noIds: { 'thread-id': '' },
  },
  {
    way: 'hook',
    event: 'Stop',
    ids: { sessionId: 's1', threadId: 's1' },
    run: liveRun,
    call: ({ project }: Sandbox, fields?: object): Promise<Ended> =>
      runProgram(['hook'], { env, input: stopEvent(project, { ...fields }) }),
    noIds: { session_id: '' },
  },
] as const;

describe.each(ways)('$way: the nine reasons', ({ way, event, ids, run, call, noIds }) => {
  const logged = (sandbox: Sandbox): unknown => logOf(sandbox.project)[0];
  // What the program keeps to itself where nothing happened, the library tells of the same state.
  const libraryIds = { session: ids.sessionId, thread: ids.threadId };
  const record = { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), way, event, ...ids };

  it('rule 7: resumes the prior run and logs it', async () => {
    const sandbox = makeSandbox();
    const sourcePath = sandbox.putRun('old', run());
    sandbox.putSessions('now');
    expect(await call(sandbox)).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ active: true, iteration: 5, owner_rcs_session_id: 'now' });
    expect(sandbox.run('old')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(logged(sandbox)).toEqual({
      pid: expect.any(Number),
      ...record,
      reason: reasons.resumed,
      currentRcsSessionId: 'now',
      resumed: true,
      updatedCurrentOwner: false,
      sourcePath,
      targetPath: sandbox.runFile('now'),
    });
  });

  it('rule 3: refreshes the current owner and logs it, then finds nothing to do and does not', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', run());
    expect(await call(sandbox)).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ owner_rcs_session_id: 'now' });
    expect(logged(sandbox)).toMatchObject({ ...record, reason: reasons.currentActive, updatedCurrentOwner: true });
    const before = sandbox.snapshot();
    expect(await call(sandbox)).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
    expect(await sandbox.call(libraryIds)).toMatchObject({ reason: reasons.currentActive, updatedCurrentOwner: false });
  });

  it('rule 6: refuses several matches, touches none and logs it', async () => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 2 });
    sandbox.putSessions('now');
    for (const id of ['a', 'b']) sandbox.putRun(id, run());
    expect(await call(sandbox)).toEqual(silent);
    expect(sandbox.raw('now')).toBeUndefined();
    expect(logged(sandbox)).toMatchObject({ ...record, reason: reasons.severalCandidates, resumed: false });
  });

  it('rule 6: no match, no log', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', run({ owner_codex_session_id: 'other' }));
    const before = sandbox.snapshot();
    expect(await call(sandbox)).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
    expect(await sandbox.call(libraryIds)).toMatchObject({ reason: reasons.noCandidate });
  });

  it.each([
    ['rule 2: no current session', reasons.sessionMissing, (sandbox: Sandbox) => sandbox.putRun('old', run())],
    [
      'rule 4: a current run that is not active',
      reasons.currentPresent,
      (sandbox: Sandbox) => {
        sandbox.putRun('old', run());
        sandbox.putRun('now', { active: false });
      },
    ],
    [
      'rule 4: a current run that cannot be read',
      reasons.currentUnreadable,
      (sandbox: Sandbox) => {
        sandbox.putRun('old', run());
        sandbox.putRun('now', '{"active": tru');
      },
    ],
  ])('%s: nothing happens, no log', async (_rule, reason, arrange) => {
    const sandbox = makeSandbox();
    arrange(sandbox);
    const before = sandbox.snapshot();
    expect(await call(sandbox)).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
    expect(await sandbox.call(libraryIds)).toMatchObject({ reason });
  });

  it('rule 5: a payload without ids: nothing happens, no log', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', run());
    sandbox.putSessions('now');
    const before = sandbox.snapshot();
    expect(await call(sandbox, noIds)).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
    expect(await sandbox.call()).toMatchObject({ reason: reasons.identityMissing });
  });

  it('message texts are stored nowhere', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', run());
    sandbox.putSessions('now');
    await call(sandbox, { prompt: secret });
    expect(logged(sandbox)).toBeDefined();
    const texts = [...readTree(sandbox.project).values()].map((entry) => (entry.kind === 'file' ? entry.bytes : ''));
    expect(texts.join('')).toContain('ownership_transferred');
    expect(texts.join('')).not.toContain(secret);
  });
});

it('rule 1: a lock that stays taken: both ways in give up after 5 s, say so and log it', async () => {
  const attempts = ways.map(async ({ way, event, ids, run, call }) => {
    const sandbox = makeSandbox();
    sandbox.declare({ foreignLock: true });
    sandbox.putRun('old', run());
    sandbox.putSessions('now');
    const path = sandbox.putLock(`${process.pid}.${Date.now()}.00ff`);
    const before = sandbox.snapshot();
    const said = new RegExp(`resume_lock_timeout: .* Process ${process.pid} holds ${path}\\.$`, 'm');
    expect(await call(sandbox)).toMatchObject(oneLine(said));
    const lockHolder = { path, pid: process.pid, isElsewhere: false, isStopped: false };
    const record = { way, event, ...ids, reason: reasons.lockTimeout, currentRcsSessionId: '', lockHolder };
    expect(logOf(sandbox.project)).toMatchObject([record]);
    const after = Object.entries(sandbox.snapshot()).filter(([path]) => !path.startsWith(join('.rcs', 'logs')));
    expect(Object.fromEntries(after)).toEqual(before);
  });
  await Promise.all(attempts);
});
