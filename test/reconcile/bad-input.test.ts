import fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../src/rules/protocol.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

const allReasons: readonly string[] = Object.values(reasons);

describe('bad input: stateDir', () => {
  it('rule 1: below a file it does not exist', async () => {
    const sandbox = makeSandbox({ stateDir: false });
    fs.writeFileSync(join(sandbox.project, '.rcs'), '');
    expect((await sandbox.call({ session: 's1' })).reason).toBe('current_rcs_session_missing');
    expect(sandbox.tree()).toEqual(['.rcs']);
  });

  it('rule 1: a dangling link does not exist, and its target is not created', async () => {
    const sandbox = makeSandbox({ stateDir: false });
    fs.mkdirSync(join(sandbox.project, '.rcs'));
    fs.symlinkSync('nowhere', sandbox.stateDir);
    expect((await sandbox.call({ session: 's1' })).reason).toBe('current_rcs_session_missing');
    expect(sandbox.tree()).toEqual(['.rcs/', '.rcs/state']);
  });
});

describe('bad input: payload ids', () => {
  it.each([
    ['a number', 1e3, '1000'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['zero', 0, '0'],
    ['a big integer', 10n ** 20n, '100000000000000000000'],
    ['an array', [' a', 'b '], 'a,b'],
    ['an object', {}, '[object Object]'],
    ['an object with its own text', { toString: () => ' mine ' }, 'mine'],
  ])('files: %s reads as its text', async (_name, id, text) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ owner_codex_session_id: text }));
    expect((await sandbox.call({ session: id })).resumed).toBe(true);
    sandbox.putSessions('next');
    sandbox.putRun('older', threadRun({ owner_codex_thread_id: text }));
    expect((await sandbox.call({ current: 'next', thread: id })).resumed).toBe(true);
  });

  it.each([
    ['an object without a prototype', Object.create(null)],
    ['an object whose toString is no function', { toString: 1, valueOf: 2 }],
    ['a symbol', Symbol('id')],
    ['a function', () => 's1'],
  ])('files: %s breaks nothing', async (_name, id) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    expect((await sandbox.call({ session: id, thread: id })).reason).toBe('no_matching_prior_forge');
  });

  it('files: free text of any length and content', async () => {
    for (const id of ['../../etc', 'a/b\0c', '\u001b[31m', '💥'.repeat(20_000), '__proto__', '*', '\ud800']) {
      const sandbox = makeSandbox();
      sandbox.putSessions('now');
      sandbox.putRun('old', liveRun({ owner_codex_session_id: id }));
      expect(await sandbox.call({ session: id })).toMatchObject({ resumed: true });
      expect(sandbox.run('now')['owner_codex_session_id']).toBe(id);
    }
  });
});

describe('bad input: state files', () => {
  const bytes = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc.string().map((text) => Buffer.from(`{"active":true,"owner_codex_session_id":${text}`)),
  );

  it('rules 2, 4 and 6: no content of any file makes a call throw, and no content of another is touched', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, async (record, current, prior) => {
        const sandbox = makeSandbox();
        sandbox.declare({ liveRuns: 2 });
        sandbox.putRecord(record);
        sandbox.putRun('now', current);
        sandbox.putRun('old', prior);
        expect(allReasons).toContain((await sandbox.call({ session: 's1', thread: 't1' })).reason);
        expect(allReasons).toContain((await sandbox.call({ env: {}, session: 's1', thread: 't1' })).reason);
        expect(fs.readFileSync(sandbox.path('session.json')).equals(record)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('files: no odd type in any field makes a run unreadable', async () => {
    const names = Object.keys(liveRun({ owner_codex_thread_id: 't', tmux_pane_id: '%1', completed_at: null }));
    const fields = names.filter((name) => name !== 'active' && name !== 'owner_codex_session_id');
    const odd = fc.oneof(fc.jsonValue(), fc.constant({ toString: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), odd, async (name, value) => {
        const sandbox = makeSandbox();
        sandbox.putSessions('now');
        sandbox.putRun('old', liveRun({ [name]: value }));
        const options = { session: 's1', pane: '%7' };
        expect(await sandbox.call(options)).toMatchObject({ reason: 'resumed_same_codex_session' });
        expect(await sandbox.call(options)).toMatchObject({
          reason: 'current_forge_active',
          updatedCurrentOwner: false,
        });
      }),
      { numRuns: 25 },
    );
  });
});
