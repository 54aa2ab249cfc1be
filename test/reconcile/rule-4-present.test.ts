import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { type Content, makeSandbox, type Sandbox } from '../support/sandbox.ts';

const present: readonly (readonly [string, Content])[] = [
  ['an ended run', liveRun({ active: false })],
  ['a run without active', { current_phase: 'building' }],
  ['active as a string', { active: 'true' }],
  ['active as a number', { active: 1 }],
  ['an empty object', '{}'],
  ['an empty array', '[]'],
  ['an array with an active run', [{ active: true }]],
  ['a string', '"x"'],
  ['true', 'true'],
  ['a number', '-7.5'],
  ['white space around an object', ' \n{"active":false}\n '],
];

const unreadable: readonly (readonly [string, Content])[] = [
  ['null', 'null'],
  ['false', 'false'],
  ['zero', '0'],
  ['minus zero', '-0'],
  ['an empty string', '""'],
  ['an empty file', ''],
  ['white space', ' \n'],
  ['half a run', '{"active":true,"current_ph'],
  ['a run with something behind it', '{"active":true}}'],
  ['a run behind a byte order mark', '\ufeff{"active":true}'],
  ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
  ['NULs', Buffer.alloc(64)],
];

/** Calls where a hand-over would be possible if the current run were not there; nothing may be touched. */
async function reasonWith(arrange: (sandbox: Sandbox) => void): Promise<string> {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  arrange(sandbox);
  const before = sandbox.snapshot();
  const { reason, ...rest } = await sandbox.call({ session: 's1', thread: 't1', pane: '%7' });
  expect(rest).toEqual({
    currentRcsSessionId: 'now',
    resumed: false,
    updatedCurrentOwner: false,
    targetPath: sandbox.runFile('now'),
  });
  expect(sandbox.snapshot()).toEqual(before);
  return reason;
}

describe('rule 4: a current run that is present, but not active, is never overwritten', () => {
  it.each(present)('rule 4: %s is present', async (_name, content) => {
    expect(await reasonWith((sandbox) => sandbox.putRun('now', content))).toBe('current_forge_present');
  });

  it.each(unreadable)('rule 4: %s is unreadable', async (_name, content) => {
    expect(await reasonWith((sandbox) => sandbox.putRun('now', content))).toBe('current_forge_unreadable');
  });

  it('rule 4: a folder in its place is unreadable', async () => {
    const reason = await reasonWith((sandbox) => fs.mkdirSync(sandbox.runFile('now'), { recursive: true }));
    expect(reason).toBe('current_forge_unreadable');
  });

  it('rule 4: a dangling link is unreadable', async () => {
    const reason = await reasonWith((sandbox) => {
      sandbox.putSessions('now');
      fs.symlinkSync('nowhere', sandbox.runFile('now'));
    });
    expect(reason).toBe('current_forge_unreadable');
  });

  it('rule 4: comes before rule 5', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', { active: false });
    expect((await sandbox.call()).reason).toBe('current_forge_present');
    sandbox.putRun('now', 'null');
    expect((await sandbox.call()).reason).toBe('current_forge_unreadable');
  });
});
