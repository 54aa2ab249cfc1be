import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCall } from '../../src/call/run-call.ts';
import { protocol } from '../../src/rules/protocol.ts';
import type { CallNotes } from '../../src/store/file/files/call-notes.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const tooLarge = (sandbox: Sandbox, id: string): void => {
  const file = sandbox.putRun(id, `${JSON.stringify(liveRun())}${' '.repeat(protocol.limits.stateFileBytes)}`);
  expect(fs.statSync(file).size).toBeGreaterThan(protocol.limits.stateFileBytes);
};
const instead = (make: (path: string) => void) => (sandbox: Sandbox, id: string) => {
  sandbox.putSessions(id);
  make(sandbox.runFile(id));
};

const kinds: readonly (readonly [string, (sandbox: Sandbox, id: string) => void])[] = [
  ['is over 8 MiB', tooLarge],
  ['is a symbolic link', instead((path) => fs.symlinkSync('/nonexistent', path))],
  ['is no regular file', instead((path) => void execFileSync('mkfifo', [path]))],
  ['is no regular file', instead((path) => fs.mkdirSync(path))],
];

/** Changed so long ago that nobody may still be writing it. */
const settle = (sandbox: Sandbox, id: string): void => fs.lutimesSync(sandbox.runFile(id), 1_000, 1_000);

describe('rule 10: a run that is unsafe to read is named in the warnings', () => {
  it.each(kinds)('rule 10: it %s, and nothing else matches', async (what, put) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    put(sandbox, 'odd');
    settle(sandbox, 'odd');
    expect(await sandbox.call({ session: 's1' })).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'no_matching_prior_forge',
      warnings: [`the run of odd was passed over: ${sandbox.runFile('odd')} ${what}`],
    });
    fs.rmSync(dirname(sandbox.runFile('odd')), { recursive: true });
  });

  it.each([
    ['just now', false],
    ['long ago', true],
  ])('rule 10: one that is broken, written %s, is noted for the commands alone', async (_when, isOld) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const file = sandbox.putRun('odd', '{"owner_codex_session_id":"s1",');
    if (isOld) settle(sandbox, 'odd');
    const notes: CallNotes = {};
    const call = { stateDir: sandbox.stateDir, payloadSessionId: 's1', env: { RCS_SESSION_ID: 'now' } };
    expect((await runCall(call, { notes })).warnings).toBeUndefined();
    expect(notes.broken).toEqual([`the run of odd was passed over: ${file} cannot be read, or does not parse`]);
  });

  it('rule 10: beside one that is handed over', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    tooLarge(sandbox, 'large');
    const { resumed, warnings } = await sandbox.call({ session: 's1' });
    expect({ resumed, warnings }).toEqual({ resumed: true, warnings: [expect.stringContaining('is over 8 MiB')] });
    fs.rmSync(dirname(sandbox.runFile('large')), { recursive: true });
  });

  it('rule 10: many are named in part, and those that are none of its business not at all', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    for (let count = 0; count < 8; count += 1) {
      sandbox.putSessions(`odd-${count}`);
      fs.symlinkSync('/nonexistent', sandbox.runFile(`odd-${count}`));
      sandbox.putRun(`other-${count}`, liveRun({ owner_codex_session_id: 's2' }));
    }
    sandbox.declare({ liveRuns: 8 });
    const { warnings = [] } = await sandbox.call({ session: 's1' });
    expect(warnings.map((warning) => /the run of (\S+) was/.exec(warning)?.[1] ?? warning)).toEqual([
      'odd-0',
      'odd-1',
      'odd-2',
      'odd-3',
      'odd-4',
      '3 more runs were passed over',
    ]);
  });
});
