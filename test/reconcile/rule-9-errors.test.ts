import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes, ForgeResumeError } from '../../src/errors.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const withCandidate = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRecord({ session_id: 'now' });
  sandbox.putRun('old', liveRun());
  return sandbox;
};

const putFile = (path: string): void => {
  fs.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
  fs.writeFileSync(path, 'in the way');
};
const putFullFolder = (path: string): void => {
  fs.mkdirSync(path, { recursive: true });
  fs.writeFileSync(`${path}/in-the-way`, '');
};

describe('rule 9: a failure to create or write', () => {
  it.each<[string, (sandbox: Sandbox) => void]>([
    ['our folder is a file', (sandbox) => putFile(sandbox.path('.forge-resume'))],
    ['our folder for journals is a file', (sandbox) => putFile(sandbox.path('.forge-resume', 'journal'))],
    ['the folder of the current session is a file', (sandbox) => putFile(sandbox.path('sessions', 'now'))],
    ['the kernel lock is a folder', (sandbox) => putFullFolder(sandbox.path('.forge-resume', 'lock'))],
  ])('rule 9: is a ForgeResumeError with a code and its cause where %s', async (_name, arrange) => {
    const sandbox = withCandidate();
    arrange(sandbox);
    const before = sandbox.snapshot();
    const error = await thrownBy(sandbox.call({ session: 's1' }));
    expect(error).toBeInstanceOf(ForgeResumeError);
    const { code, cause, message, name } = error as ForgeResumeError;
    expect(errorCodes).toContain(code);
    expect(name).toBe('ForgeResumeError');
    expect(cause).toBeInstanceOf(Error);
    expect(message).toContain((cause as Error).message);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 9: a refresh that cannot be written throws, the run as it was', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun());
    const temp = sandbox.path('sessions', 'now', '.forge-state.json.forge-resume');
    putFullFolder(temp);
    sandbox.declare({ own: new Set([temp]) });
    const before = sandbox.snapshot();
    expect(await thrownBy(sandbox.call({ session: 's1' }))).toBeInstanceOf(ForgeResumeError);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 9: a stateDir that is a file throws', async () => {
    const sandbox = makeSandbox({ stateDir: false });
    putFile(sandbox.stateDir);
    const before = sandbox.snapshot();
    const error = await thrownBy(sandbox.call({ session: 's1' }));
    expect(error).toBeInstanceOf(ForgeResumeError);
    expect((error as ForgeResumeError).cause).toBeInstanceOf(Error);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 9: a run too deep to be written throws, both files as they were', async () => {
    const sandbox = withCandidate();
    const depth = 400_000;
    const deep = JSON.stringify(liveRun()).replace('{', `{"deep":${'['.repeat(depth)}${']'.repeat(depth)},`);
    sandbox.putRun('old', deep);
    const error = await sandbox.call({ session: 's1' }).then(
      (result) => result.reason,
      (thrown: unknown) => thrown,
    );
    // Whether the parser itself can go this deep is its own affair; then the run is no candidate.
    if (error !== 'no_matching_prior_forge') expect(error).toBeInstanceOf(ForgeResumeError);
    expect(sandbox.raw('old') === deep).toBe(true);
    expect(sandbox.raw('now')).toBeUndefined();
    sandbox.putRun('old', liveRun());
  }, 90_000);
});

describe('rule 9: hook errors', () => {
  it.each([new Error('hook'), 'text', undefined, Object.assign(new Error('x'), { code: 'LOCK_LOST' })])(
    'rule 9: %s from afterLockAcquired is thrown as it is, nothing touched',
    async (thrown) => {
      const sandbox = withCandidate();
      const before = sandbox.snapshot();
      const afterLockAcquired = (): unknown => Promise.reject(thrown);
      expect(await thrownBy(sandbox.call({ session: 's1', hooks: { afterLockAcquired } }))).toBe(thrown);
      expect(sandbox.snapshot()).toEqual(before);
    },
  );
});

describe('rule 9: failures to read or list never throw', () => {
  it.each<[string, (sandbox: Sandbox) => void, string]>([
    [
      'session.json is a folder',
      (sandbox) => putFullFolder(sandbox.path('session.json')),
      'current_rcs_session_missing',
    ],
    ['a current run is a folder', (sandbox) => putFullFolder(sandbox.runFile('now')), 'current_forge_unreadable'],
    ['a candidate is a folder', (sandbox) => putFullFolder(sandbox.runFile('old')), 'no_matching_prior_forge'],
    ['sessions/ is a file', (sandbox) => putFile(sandbox.path('sessions')), 'no_matching_prior_forge'],
  ])('rule 9: %s', async (_name, arrange, reason) => {
    const sandbox = makeSandbox();
    if (reason !== 'current_rcs_session_missing') sandbox.putRecord({ session_id: 'now' });
    arrange(sandbox);
    const before = sandbox.snapshot();
    expect((await sandbox.call({ session: 's1' })).reason).toBe(reason);
    expect(sandbox.snapshot()).toEqual(before);
  });
});

describe('rule 9: a failing release or removal', () => {
  const removeLock = (sandbox: Sandbox): void =>
    fs.rmSync(sandbox.path('.lock.forge-session-resume'), { recursive: true });
  const blockLock = (sandbox: Sandbox): void => {
    fs.rmSync(sandbox.path('.lock.forge-session-resume', 'owner'));
    putFullFolder(sandbox.path('.lock.forge-session-resume', 'owner'));
  };

  it.each([
    ['the lock folder is gone', removeLock],
    ['the owner file is a full folder', blockLock],
  ])('rule 9: does not replace the result where %s', async (_name, harm) => {
    const sandbox = makeSandbox();
    sandbox.declare({ foreignLock: true });
    sandbox.putRun('now', { active: false });
    const result = await sandbox.call({ hooks: { afterLockAcquired: () => harm(sandbox) } });
    expect(result.reason).toBe('current_forge_present');
  });

  it.each([
    ['the lock folder is gone', removeLock],
    ['the owner file is a full folder', blockLock],
  ])('rule 9: does not replace the error where %s', async (_name, harm) => {
    const sandbox = makeSandbox();
    sandbox.declare({ foreignLock: true });
    sandbox.putSessions('now');
    const error = new Error('hook');
    const afterLockAcquired = (): void => {
      harm(sandbox);
      throw error;
    };
    expect(await thrownBy(sandbox.call({ hooks: { afterLockAcquired } }))).toBe(error);
  });
});
