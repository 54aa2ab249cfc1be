import fs from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('rule 2: the environment', () => {
  it.each([
    ['RCS_SESSION_ID comes first', { RCS_SESSION_ID: 'a', CODEX_SESSION_ID: 'b', SESSION_ID: 'c' }, 'a'],
    ['then CODEX_SESSION_ID', { CODEX_SESSION_ID: 'b', SESSION_ID: 'c' }, 'b'],
    ['then SESSION_ID', { SESSION_ID: 'c' }, 'c'],
    ['values are trimmed', { RCS_SESSION_ID: '  a\n' }, 'a'],
    ['a blank one is passed over', { RCS_SESSION_ID: ' ', CODEX_SESSION_ID: 'b' }, 'b'],
    ['an invalid one is passed over', { RCS_SESSION_ID: '../sessions/a', CODEX_SESSION_ID: 'b' }, 'b'],
    ['one of 65 characters is passed over', { RCS_SESSION_ID: 'a'.repeat(65), SESSION_ID: 'c' }, 'c'],
    ['only the first valid id is tried', { RCS_SESSION_ID: 'gone', CODEX_SESSION_ID: 'b', SESSION_ID: 'c' }, ''],
    ['no variable, no session', {}, ''],
  ])('rule 2: %s', async (_name, env, current) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('a', 'b', 'c');
    const result = await sandbox.call({ env });
    expect(result.currentRcsSessionId).toBe(current);
    expect(result.reason).toBe(current === '' ? 'current_rcs_session_missing' : 'payload_codex_identity_missing');
  });

  it('rule 2: env is process.env where none is given', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('mine');
    vi.stubEnv('RCS_SESSION_ID', ' mine ');
    const result = await reconcileForgeSessionResume({ stateDir: sandbox.stateDir, payloadSessionId: '' });
    expect(result.currentRcsSessionId).toBe('mine');
  });

  it('rule 2: wins over session.json, which decides where the first valid id has no folder', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('a', 'b');
    sandbox.putRecord({ session_id: 'recorded' });
    expect((await sandbox.call({ current: 'a' })).currentRcsSessionId).toBe('a');
    const env = { RCS_SESSION_ID: 'gone', CODEX_SESSION_ID: 'b' };
    expect((await sandbox.call({ env })).currentRcsSessionId).toBe('recorded');
  });
});

describe('rule 2: session.json', () => {
  const id = 'recorded';
  it.each([
    ['a valid id', { session_id: id }, id],
    ['an id of 64 characters', { session_id: 'x'.repeat(64) }, 'x'.repeat(64)],
    ['an untrimmed id', { session_id: ` ${id}` }, ''],
    ['an id with a final newline', { session_id: `${id}\n` }, ''],
    ['an id of 65 characters', { session_id: 'x'.repeat(65) }, ''],
    ['an id that leaves the folder', { session_id: '../x' }, ''],
    ['a number for an id, as its text', { session_id: 7 }, '7'],
    ['an array for an id, as its text', { session_id: [id] }, id],
    ['no id', { id }, ''],
    ['an array', [{ session_id: id }], ''],
    ['a string', JSON.stringify(id), ''],
    ['null', 'null', ''],
    ['broken text', `{"session_id":"${id}"`, ''],
    ['a byte order mark', `\ufeff{"session_id":"${id}"}`, ''],
    ['nothing', '', ''],
    ['an escaped id', '{"session_id":"\\u0072ecorded"}', id],
    ['a blank cwd', { session_id: id, cwd: '  ' }, id],
    ['an empty cwd', { session_id: id, cwd: '' }, id],
    ['a cwd that is no string', { session_id: id, cwd: 7 }, id],
    ['a cwd elsewhere', { session_id: id, cwd: '/' }, ''],
    ['a cwd that does not exist', { session_id: id, cwd: '/does/not/exist' }, ''],
  ])('rule 2: %s', async (_name, record, current) => {
    const sandbox = makeSandbox();
    sandbox.putRecord(record);
    const before = sandbox.snapshot();
    expect((await sandbox.call()).currentRcsSessionId).toBe(current);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 2: is the one in stateDir; the folder of the session need not exist', async () => {
    const sandbox = makeSandbox();
    fs.writeFileSync(join(sandbox.project, 'session.json'), '{"session_id":"wrong"}');
    fs.writeFileSync(join(sandbox.project, '.rcs', 'session.json'), '{"session_id":"wrong"}');
    expect((await sandbox.call()).reason).toBe('current_rcs_session_missing');
    sandbox.putRecord({ session_id: 'recorded' });
    sandbox.putRun('old', liveRun());
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ currentRcsSessionId: 'recorded', resumed: true });
  });

  it('rule 2: is read anew in every call', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord({ session_id: 'one' });
    expect((await sandbox.call()).currentRcsSessionId).toBe('one');
    sandbox.putRecord({ session_id: 'two' });
    expect((await sandbox.call()).currentRcsSessionId).toBe('two');
  });

  it('rule 2: cwd and project are compared resolved', async () => {
    const sandbox = makeSandbox();
    const { project } = sandbox;
    for (const cwd of [project, `${project}/`, `${project}/.rcs/..`, join(project, 'gone', '..')]) {
      sandbox.putRecord({ session_id: 'recorded', cwd });
      expect((await sandbox.call()).currentRcsSessionId, cwd).toBe('recorded');
    }
    for (const cwd of [join(project, '.rcs'), join(project, '..'), `${project}x`]) {
      sandbox.putRecord({ session_id: 'recorded', cwd });
      expect((await sandbox.call()).currentRcsSessionId, cwd).toBe('');
    }
  });

  it('rule 2: cwd and project are compared by their real paths, whichever of them goes through a link', async () => {
    const sandbox = makeSandbox();
    const link = join(sandbox.project, 'link');
    fs.symlinkSync(sandbox.project, link);
    const through = join(link, '.rcs', 'state');
    sandbox.putRecord({ session_id: 'recorded', cwd: link });
    expect((await sandbox.call()).currentRcsSessionId).toBe('recorded');
    sandbox.putRecord({ session_id: 'recorded', cwd: sandbox.project });
    expect((await sandbox.call({ stateDir: through })).currentRcsSessionId).toBe('recorded');
    sandbox.putRecord({ session_id: 'recorded', cwd: link });
    expect((await sandbox.call({ stateDir: through })).currentRcsSessionId).toBe('recorded');
  });

  it('rule 2: the project is stateDir/../.. as given, also where stateDir itself is a link', async () => {
    const sandbox = makeSandbox();
    const other = join(sandbox.project, 'other');
    fs.mkdirSync(join(other, '.rcs'), { recursive: true });
    const stateDir = join(other, '.rcs', 'state');
    fs.symlinkSync(sandbox.stateDir, stateDir);
    sandbox.putRecord({ session_id: 'recorded', cwd: other });
    expect((await sandbox.call({ stateDir })).currentRcsSessionId).toBe('recorded');
  });

  it('rule 2: a relative cwd is resolved', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord({ session_id: 'recorded', cwd: relative(process.cwd(), sandbox.project) });
    expect((await sandbox.call()).currentRcsSessionId).toBe('recorded');
  });
});
