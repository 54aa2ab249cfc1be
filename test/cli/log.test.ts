import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReconcileResult } from '../../src/call/result.ts';
import { appendToLog } from '../../src/cli/call-log.ts';
import { callRecord, isNotable } from '../../src/cli/call-record.ts';
import { ForgeResumeError } from '../../src/errors.ts';
import { type Reason, reasons } from '../../src/rules/protocol.ts';
import { notification } from '../support/payloads.ts';
import { logOf, oneLine, runProgram } from '../support/program.ts';
import { threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const time = '2026-03-04T23:59:59.999Z';
const logFile = join('.rcs', 'logs', `forge-resume-${new Date().toISOString().slice(0, 10)}.jsonl`);

const result = (reason: Reason, fields: Partial<ReconcileResult> = {}): ReconcileResult => ({
  currentRcsSessionId: 'now',
  resumed: false,
  updatedCurrentOwner: false,
  reason,
  ...fields,
});

const request = { runtimeDir: '/p/.rcs', stateDir: '/p/.rcs/state', sessionId: 's1', threadId: 't1', event: 'Stop' };

describe('which calls are logged', () => {
  it.each([
    ['resumed', result(reasons.resumed, { resumed: true }), true],
    ['an owner changed', result(reasons.currentActive, { updatedCurrentOwner: true }), true],
    ['several matched', result(reasons.severalCandidates), true],
    ['gave up on the lock', result(reasons.lockTimeout), true],
    [
      'finished an earlier transfer',
      result(reasons.currentActive, { recovered: [{ transferId: 'x', outcome: 'completed' }] }),
      true,
    ],
    ['nothing changed', result(reasons.currentActive), false],
    ['no match', result(reasons.noCandidate), false],
    ['no session', result(reasons.sessionMissing), false],
    ['not active', result(reasons.currentPresent), false],
    ['unreadable', result(reasons.currentUnreadable), false],
    ['no ids', result(reasons.identityMissing), false],
  ])('%s', (_name, value, notable) => expect(isNotable({ result: value })).toBe(notable));

  it('failures', () => expect(isNotable({ error: new Error('x') })).toBe(true));
});

describe('a record', () => {
  it('of a failure holds code and message', () => {
    const error = new ForgeResumeError('IO', 'could not write', new Error('disk full'));
    expect(callRecord('hook', request, { error }, time)).toEqual({
      time,
      way: 'hook',
      event: 'Stop',
      sessionId: 's1',
      threadId: 't1',
      error: { code: 'IO', message: 'could not write: disk full' },
    });
  });

  it('shortens ids and messages, which are free text of any length', () => {
    const long = 'x'.repeat(100_000);
    const record = callRecord('notify', { ...request, threadId: long }, { error: new Error(long) }, time);
    expect(JSON.stringify(record).length).toBeLessThan(2_000);
  });
});

describe('the log file', () => {
  it('is named by the UTC date and grows by one line a record', () => {
    const { project } = makeSandbox();
    const runtimeDir = join(project, '.rcs');
    appendToLog(runtimeDir, time, { a: 'one\ntwo\u0085\u2028' });
    appendToLog(runtimeDir, time, { b: 2 });
    expect(readdirSync(join(runtimeDir, 'logs'))).toEqual(['forge-resume-2026-03-04.jsonl']);
    expect(logOf(project)).toEqual([{ a: 'one\ntwo\u0085\u2028' }, { b: 2 }]);
  });

  it('keeps lines whole where calls write at the same instant', async () => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 2 });
    sandbox.putSessions('now');
    for (const id of ['a', 'b']) sandbox.putRun(id, threadRun());
    const call = () => runProgram(['notify', notification(sandbox.project)], { env: { RCS_SESSION_ID: 'now' } });
    await Promise.all(Array.from({ length: 6 }, call));
    expect(logOf(sandbox.project)).toHaveLength(6);
  });
});

describe('a log that cannot be written breaks nothing', () => {
  const resume = async (sandbox: Sandbox) => {
    sandbox.putRun('old', threadRun());
    sandbox.putSessions('now');
    const ended = await runProgram(['notify', notification(sandbox.project)], { env: { RCS_SESSION_ID: 'now' } });
    expect(sandbox.run('now')).toMatchObject({ active: true });
    return ended;
  };

  it('a file where the folder should be', async () => {
    const sandbox = makeSandbox();
    writeFileSync(join(sandbox.project, '.rcs', 'logs'), '');
    expect(await resume(sandbox)).toMatchObject(oneLine(/the log could not be written/));
  });

  it('a link where the folder should be: nothing is written to where it points', async () => {
    const sandbox = makeSandbox();
    mkdirSync(join(sandbox.project, 'elsewhere'));
    symlinkSync(join(sandbox.project, 'elsewhere'), join(sandbox.project, '.rcs', 'logs'));
    expect(await resume(sandbox)).toMatchObject(oneLine(/the log could not be written/));
    expect(readdirSync(join(sandbox.project, 'elsewhere'))).toEqual([]);
  });

  it('a link where the file should be: it is not followed', async () => {
    const sandbox = makeSandbox();
    mkdirSync(join(sandbox.project, '.rcs', 'logs'));
    symlinkSync(join(sandbox.project, 'victim'), join(sandbox.project, logFile));
    expect(await resume(sandbox)).toMatchObject(oneLine(/the log could not be written/));
    expect(existsSync(join(sandbox.project, 'victim'))).toBe(false);
  });

  it('a FIFO where the file should be: nobody waits for its reader', async () => {
    const sandbox = makeSandbox();
    mkdirSync(join(sandbox.project, '.rcs', 'logs'));
    execFileSync('mkfifo', [join(sandbox.project, logFile)]);
    expect(await resume(sandbox)).toMatchObject(oneLine(/the log could not be written/));
    expect(lstatSync(join(sandbox.project, logFile)).isFIFO()).toBe(true);
  });
});
