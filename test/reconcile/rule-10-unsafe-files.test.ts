import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const limit = 8 * 1024 * 1024;
/** A run of exactly so many bytes. */
const padded = (run: object, bytes: number): string => JSON.stringify(run).padEnd(bytes, ' ');

type Put = (sandbox: Sandbox, path: string, content: object) => void;
const unsafe: readonly (readonly [string, Put])[] = [
  [
    'a link to a good file',
    (sandbox, path, content) => {
      fs.writeFileSync(join(sandbox.project, 'good.json'), JSON.stringify(content));
      fs.symlinkSync(join(sandbox.project, 'good.json'), path);
    },
  ],
  ['a dangling link', (_sandbox, path) => fs.symlinkSync('nowhere', path)],
  ['a link to itself', (_sandbox, path) => fs.symlinkSync(path, path)],
  ['a FIFO', (_sandbox, path) => void execFileSync('mkfifo', [path])],
  [
    'a link to a FIFO',
    (sandbox, path) => {
      execFileSync('mkfifo', [join(sandbox.project, 'fifo')]);
      fs.symlinkSync(join(sandbox.project, 'fifo'), path);
    },
  ],
  ['a folder', (_sandbox, path) => fs.mkdirSync(path)],
  ['a link to a device', (_sandbox, path) => fs.symlinkSync('/dev/zero', path)],
  ['one byte over 8 MiB', (_sandbox, path, content) => fs.writeFileSync(path, padded(content, limit + 1))],
  [
    'sparse and huge',
    (_sandbox, path, content) => {
      fs.writeFileSync(path, JSON.stringify(content));
      fs.truncateSync(path, 2 ** 40);
    },
  ],
];

/** Puts something unsafe in the place of a file. */
function put(sandbox: Sandbox, kind: Put, path: string, content: object): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  kind(sandbox, path, content);
}

describe('rule 10: a state file that is unsafe is unreadable, untouched, and never waited on', () => {
  it.each(unsafe)('rule 10: a current run that is %s', async (_name, kind) => {
    const sandbox = makeSandbox();
    put(sandbox, kind, sandbox.runFile('now'), liveRun());
    const before = sandbox.snapshot();
    const result = await sandbox.call({ session: 's1', pane: '%7' });
    expect(result).toMatchObject({ reason: 'current_forge_unreadable', targetPath: sandbox.runFile('now') });
    expect(sandbox.snapshot()).toEqual(before);
    fs.rmSync(sandbox.runFile('now'), { recursive: true });
  });

  it.each(unsafe)('rule 10: a candidate that is %s', async (_name, kind) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    put(sandbox, kind, sandbox.runFile('old'), liveRun());
    const before = sandbox.snapshot();
    expect((await sandbox.call({ session: 's1' })).reason).toBe('no_matching_prior_forge');
    expect(sandbox.snapshot()).toEqual(before);
    fs.rmSync(sandbox.runFile('old'), { recursive: true });
  });

  it.each(unsafe)('rule 10: a session.json that is %s', async (_name, kind) => {
    const sandbox = makeSandbox();
    put(sandbox, kind, sandbox.path('session.json'), { session_id: 'now' });
    const before = sandbox.snapshot();
    expect((await sandbox.call({ session: 's1' })).reason).toBe('current_rcs_session_missing');
    expect(sandbox.snapshot()).toEqual(before);
  });
});

describe('rule 10: a state file of exactly 8 MiB', () => {
  it('rule 10: is read as a current run', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', padded(liveRun({ owner_rcs_session_id: 'now' }), limit));
    expect((await sandbox.call({ session: 's1' })).reason).toBe('current_forge_active');
  });

  it('rule 10: is read as a candidate', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', padded(liveRun(), limit));
    expect((await sandbox.call({ session: 's1' })).resumed).toBe(true);
  });
});
