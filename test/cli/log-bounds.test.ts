import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendToLog } from '../../src/cli/call-log.ts';
import { findProject, type Project } from '../../src/cli/find-project.ts';
import { logLimits } from '../../src/cli/log-files.ts';
import { notification, secret, stopEvent } from '../support/payloads.ts';
import { logOf, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const day = '2026-03-20';
const time = `${day}T10:00:00.000Z`;

/** A project with a folder of logs, and files in it. */
function withLogs(files: Readonly<Record<string, string>> = {}): { project: Project; logs: string } {
  const sandbox = makeSandbox();
  const project = findProject([sandbox.project]);
  if (project === undefined) throw new Error('no project');
  const logs = join(sandbox.project, '.rcs/logs');
  fs.mkdirSync(logs);
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(logs, name), text);
  return { project, logs };
}

const nameOf = (date: string): string => `forge-resume-${date}.jsonl`;
const dates = Array.from({ length: 20 }, (_one, index) => `2026-03-${String(index + 1).padStart(2, '0')}`);

describe('the log is bounded', () => {
  it('a file that is full is set aside, in the place of the one before; the line stands in a new one', () => {
    const full = `${'x'.repeat(logLimits.fileBytes - 1)}\n`;
    const { project, logs } = withLogs({
      [nameOf(day)]: full,
      [`forge-resume-${day}.1.jsonl`]: 'older',
      [nameOf('2026-01-01')]: '',
    });
    appendToLog(project, time, { a: 1 });
    expect(fs.readFileSync(join(logs, `forge-resume-${day}.1.jsonl`), 'utf8')).toBe(full);
    expect(fs.readFileSync(join(logs, nameOf(day)), 'utf8')).toBe('{"a":1}\n');
    expect(fs.readdirSync(logs)).toHaveLength(3);
  });

  it('a file that has room for the line is not', () => {
    const { project, logs } = withLogs({ [nameOf(day)]: `${'x'.repeat(logLimits.fileBytes - 9)}\n` });
    appendToLog(project, time, { a: 1 });
    expect(fs.readdirSync(logs)).toEqual([nameOf(day)]);
    expect(fs.statSync(join(logs, nameOf(day))).size).toBe(logLimits.fileBytes);
  });

  it('with a new day the logs of the oldest days go, both files of each, and nothing else', () => {
    const old = Object.fromEntries(dates.slice(0, -1).map((date) => [nameOf(date), '']));
    const others = {
      'forge-resume-2026-03-01.jsonl.gz': '',
      'forge-resume-2026-03-01.2.jsonl': '',
      'my-forge-resume-2026-03-01.jsonl': '',
      'forge-resume-notes.jsonl': '',
      'forge-resume-2027-01-01.jsonl': '',
    };
    const { project, logs } = withLogs({ ...old, 'forge-resume-2026-03-01.1.jsonl': '', ...others });
    fs.mkdirSync(join(logs, 'forge-resume-2026-02-01.jsonl'));
    fs.mkdirSync(join(logs, 'recordings'));
    fs.symlinkSync('forge-resume-notes.jsonl', join(logs, 'forge-resume-2026-02-02.jsonl'));
    appendToLog(project, time, {});
    const kept = dates.slice(-logLimits.days).map(nameOf);
    const left = [...kept, ...Object.keys(others), 'forge-resume-2026-02-01.jsonl', 'recordings'];
    expect(fs.readdirSync(logs).sort()).toEqual(left.sort());
  });

  it('a line more in a file that is there looks for no old ones', () => {
    const { project, logs } = withLogs(Object.fromEntries(dates.map((date) => [nameOf(date), ''])));
    appendToLog(project, time, {});
    expect(fs.readdirSync(logs)).toHaveLength(dates.length);
  });

  it('half a line that a full disk left stands alone', () => {
    const { project, logs } = withLogs({ [nameOf(day)]: '{"time":"2026-0' });
    appendToLog(project, time, { a: 1 });
    expect(fs.readFileSync(join(logs, nameOf(day)), 'utf8')).toBe('{"time":"2026-0\n{"a":1}\n');
  });

  it('logs that cannot be removed or listed stop no hook', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const logs = join(sandbox.project, '.rcs/logs');
    for (const date of dates) fs.mkdirSync(join(logs, nameOf(date), 'full'), { recursive: true });
    const options = { env: { RCS_SESSION_ID: 'now' }, input: stopEvent(sandbox.project) };
    expect(await runProgram(['hook'], options)).toEqual(silent);
    expect(fs.readdirSync(logs)).toHaveLength(dates.length + 1);
  });
});

const calls: readonly (readonly [string, (sandbox: Sandbox, log?: string) => Promise<unknown>])[] = [
  [
    'hook',
    ({ project }, log) =>
      runProgram(['hook'], {
        input: stopEvent(project),
        env: { RCS_SESSION_ID: 'now', ...(log === undefined ? {} : { FORGE_RESUME_LOG: log }) },
      }),
  ],
  [
    'notify',
    ({ project }, log) =>
      runProgram(['notify', notification(project, { session_id: 's1' })], {
        env: { RCS_SESSION_ID: 'now', ...(log === undefined ? {} : { FORGE_RESUME_LOG: log }) },
      }),
  ],
];

describe.each(calls)('FORGE_RESUME_LOG, %s', (way, call) => {
  it.each([
    ['all', [{ way, reason: 'current_rcs_session_missing', sessionId: 's1' }]],
    [undefined, []],
    ['', []],
    ['ALL', []],
    ['none', []],
  ])('%j: a call that did nothing is logged with its reason: %j', async (log, lines) => {
    const sandbox = makeSandbox();
    expect(await call(sandbox, log)).toEqual(silent);
    expect(logOf(sandbox.project)).toMatchObject(lines);
    expect(JSON.stringify(logOf(sandbox.project))).not.toContain(secret);
  });
});

it('a line of the log names the process', async () => {
  const sandbox = makeSandbox();
  const env = { RCS_SESSION_ID: 'now', FORGE_RESUME_LOG: 'all' };
  await runProgram(['hook'], { env, input: stopEvent(sandbox.project) });
  expect(logOf(sandbox.project)[0]?.['pid']).toBeGreaterThan(1);
});
