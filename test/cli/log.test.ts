import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReconcileResult } from '../../src/call/result.ts';
import { appendToLog } from '../../src/cli/call-log.ts';
import { isNotable } from '../../src/cli/call-outcome.ts';
import { callRecord } from '../../src/cli/call-record.ts';
import { findProject, type Project } from '../../src/cli/find-project.ts';
import { ForgeResumeError } from '../../src/errors.ts';
import { type Reason, reasons } from '../../src/rules/protocol.ts';
import { notification } from '../support/payloads.ts';
import { logOf, oneLine, runProgram } from '../support/program.ts';
import { threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const time = '2026-03-04T23:59:59.999Z';
const logFile = join('.rcs', 'logs', `forge-resume-${new Date().toISOString().slice(0, 10)}.jsonl`);

const result = (reason: Reason, fields: Partial<ReconcileResult> = {}): ReconcileResult =>
  ({ currentRcsSessionId: 'now', resumed: false, updatedCurrentOwner: false, reason, ...fields }) as ReconcileResult;

const request = { cwd: '/p', sessionId: 's1', threadId: 't1', event: 'Stop' };

const foundProject = (folder: string): Project => {
  const found = findProject([folder]);
  if (found === undefined) throw new Error(`${folder} is no project`);
  return found;
};

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
      pid: process.pid,
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
    const found = foundProject(project);
    appendToLog(found, time, { a: 'one\ntwo\u0085\u2028' });
    appendToLog(found, time, { b: 2 });
    expect(readdirSync(join(project, '.rcs', 'logs'))).toEqual(['forge-resume-2026-03-04.jsonl']);
    expect(logOf(project)).toEqual([{ a: 'one\ntwo\u0085\u2028' }, { b: 2 }]);
  });

  it.each([
    [0o755, 0o750, 0o640],
    [0o700, 0o700, 0o600],
    [0o2777, 0o770, 0o660],
  ])('is as private as a state directory of mode %o, whatever the umask', (mode, folder, file) => {
    const { project, stateDir } = makeSandbox();
    chmodSync(stateDir, mode);
    appendToLog(foundProject(project), time, {});
    const logs = join(project, '.rcs', 'logs');
    expect(statSync(logs).mode & 0o7777).toBe(folder);
    expect(statSync(join(logs, 'forge-resume-2026-03-04.jsonl')).mode & 0o7777).toBe(file);
  });

  it('leaves the permissions of what is there already', () => {
    const { project, stateDir } = makeSandbox();
    const logs = join(project, '.rcs', 'logs');
    const file = join(logs, 'forge-resume-2026-03-04.jsonl');
    mkdirSync(logs, 0o700);
    writeFileSync(file, '', { mode: 0o600 });
    chmodSync(stateDir, 0o770);
    appendToLog(foundProject(project), time, {});
    expect([logs, file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it.runIf(process.getuid?.() === 0)('gives a group nothing that is not the state directory’s', () => {
    const { project, stateDir } = makeSandbox();
    chmodSync(stateDir, 0o770);
    chownSync(stateDir, 0, 54_321);
    appendToLog(foundProject(project), time, {});
    const logs = join(project, '.rcs', 'logs');
    expect(statSync(logs).mode & 0o777).toBe(0o700);
    expect(statSync(join(logs, 'forge-resume-2026-03-04.jsonl')).mode & 0o777).toBe(0o600);
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
