import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ForgeResumeError, type ForgeResumeErrorCode } from '../../src/errors.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const link = (path: string): void => {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.rmSync(path, { recursive: true, force: true });
  fs.symlinkSync('/nonexistent', path);
};
const folder = (path: string): void => void fs.mkdirSync(path, { recursive: true });
const fifo = (path: string): void => {
  folder(dirname(path));
  execFileSync('mkfifo', [path]);
};
const file = (path: string): void => {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, '');
};
/** A run that is read, but takes more than the limit once it is written as we write. */
const wide = (sandbox: Sandbox, id: string, fields: object): void => {
  const numbers = `[${'1,'.repeat(2_000_000)}1]`;
  sandbox.putRun(id, JSON.stringify({ ...liveRun(), ...fields, wide: 0 }).replace('"wide":0', `"wide":${numbers}`));
};

const cases: readonly (readonly [ForgeResumeErrorCode, string, string, (sandbox: Sandbox) => void])[] = [
  ['STATE_UNSAFE', 'sessions', 'a link', (sandbox) => link(sandbox.path('sessions'))],
  ['STATE_UNSAFE', 'sessions/now', 'a link', (sandbox) => link(sandbox.path('sessions', 'now'))],
  ['STATE_UNSAFE', '.forge-resume', 'a link', (sandbox) => link(sandbox.path('.forge-resume'))],
  ['STATE_UNSAFE', '.forge-resume/lock', 'a link', (sandbox) => link(sandbox.path('.forge-resume', 'lock'))],
  ['STATE_UNSAFE', '.forge-resume/lock', 'a folder', (sandbox) => folder(sandbox.path('.forge-resume', 'lock'))],
  ['STATE_UNSAFE', '.forge-resume/lock', 'a FIFO', (sandbox) => fifo(sandbox.path('.forge-resume', 'lock'))],
  ['STATE_UNSAFE', '.forge-resume/journal', 'a link', (sandbox) => link(sandbox.path('.forge-resume', 'journal'))],
  ['STATE_UNSAFE', 'sessions/old/forge-state.json', 'too large to write', (sandbox) => wide(sandbox, 'old', {})],
  [
    'STATE_UNSAFE',
    'sessions/now/forge-state.json',
    'too large to write',
    (sandbox) => wide(sandbox, 'now', { owner_rcs_session_id: 'x' }),
  ],
  ['IO', 'sessions/now', 'a file', (sandbox) => file(sandbox.path('sessions', 'now'))],
  ['IO', '.forge-resume', 'a file', (sandbox) => file(sandbox.path('.forge-resume'))],
  ['IO', '.forge-resume/journal', 'a file', (sandbox) => file(sandbox.path('.forge-resume', 'journal'))],
];

describe('rule 9: a message says which file or folder it is about', () => {
  it.each(cases)('rule 9: %s: %s is %s', async (code, path, _what, arrange) => {
    const sandbox = makeSandbox();
    sandbox.putRecord({ session_id: 'now' });
    sandbox.putRun('old', liveRun());
    arrange(sandbox);
    sandbox.declare({ liveRuns: 2, own: new Set([sandbox.path(path)]) });
    const error = await thrownBy(sandbox.call({ session: 's1' }));
    expect(error).toMatchObject({ code, message: expect.stringContaining(join(sandbox.stateDir, path)) });
    expect((error as Error).message).not.toContain('/proc/self');
  });

  it('rule 9: LOCK_LOST and REENTRANT name the state directory', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const lock = sandbox.path('.lock.forge-session-resume');
    const errors: unknown[] = [];
    const take = (): void => {
      fs.rmSync(lock, { recursive: true, force: true });
      sandbox.putLock(`${process.pid}.${Date.now()}.00ff`);
    };
    sandbox.declare({ foreignLock: true });
    const afterLockAcquired = async (): Promise<void> => {
      errors.push(await thrownBy(sandbox.call({ session: 's1' })));
      take();
    };
    errors.push(await thrownBy(sandbox.call({ session: 's1', hooks: { afterLockAcquired } })));
    expect(errors.map((error) => (error as ForgeResumeError).code)).toEqual(['REENTRANT', 'LOCK_LOST']);
    for (const error of errors) expect((error as Error).message).toContain(sandbox.stateDir);
  }, 20_000);

  it('rule 9: in JSON an error keeps its name, code and message', () => {
    const error = new ForgeResumeError('IO', 'could not write', new Error('no space'));
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: { name: 'ForgeResumeError', code: 'IO', message: 'could not write: no space' },
    });
  });
});
