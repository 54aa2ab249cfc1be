import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command } from '../commands/command.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { planned, putJournal } from './journals.ts';

const linesOf = (sandbox: Sandbox): Record<string, unknown>[] =>
  fs
    .readFileSync(sandbox.path('.forge-resume', 'history.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** A promise of `hooks.afterTargetWrite` that fails: the call takes its transfer back. */
const failing = { afterTargetWrite: () => Promise.reject(new Error('no')) };

describe('protocol "Transfer": the history', () => {
  it('gains one line for each hand-over, and half a line that a dead call left stands alone', async () => {
    const sandbox = makeSandbox();
    const file = sandbox.path('.forge-resume', 'history.jsonl');
    sandbox.putSessions('b', 'c');
    sandbox.putRun('a', liveRun({ owner_rcs_session_id: 'a' }));
    expect(await sandbox.call({ current: 'b', session: 's1' })).toMatchObject({ resumed: true });
    fs.appendFileSync(file, '{"at":"2026-0');
    expect(await sandbox.call({ current: 'c', session: 's1' })).toMatchObject({ resumed: true });
    const [first = '', torn, second = '', ...rest] = fs.readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(first)).toMatchObject({ source: 'a', target: 'b', outcome: 'committed' });
    expect(torn).toBe('{"at":"2026-0');
    expect(JSON.parse(second)).toMatchObject({ source: 'b', target: 'c', outcome: 'committed' });
    expect(rest).toEqual(['']);
  });

  it('names what a person asked for, the process, and what was ended', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('b');
    sandbox.putRun('a', liveRun({ owner_rcs_session_id: 'a' }));
    await command(sandbox, { kind: 'adopt', source: 'a' }, { current: 'b' });
    await command(sandbox, { kind: 'undo' }, { current: 'b' });
    await command(sandbox, { kind: 'end', session: 'a' });
    const lines = fs.readFileSync(sandbox.path('.forge-resume', 'history.jsonl'), 'utf8').trim().split('\n');
    const { pid } = process;
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { outcome: 'committed', source: 'a', target: 'b', command: 'adopt', pid },
      { outcome: 'committed', source: 'b', target: 'a', command: 'undo', pid },
      { outcome: 'ended', session: 'a', stopReason: 'ended_by_user', pid },
    ]);
  });

  it('tells a hand-over that the call took back, which no later call had to settle', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    await expect(sandbox.call({ session: 's1', hooks: failing })).rejects.toThrow('no');
    expect(linesOf(sandbox)).toMatchObject([{ outcome: 'undone', source: 'old', target: 'now', pid: process.pid }]);
    expect(linesOf(sandbox)[0]).not.toHaveProperty('recovery');
  });

  it.each([
    ['dropped', 'dropped', { old: planned.before }],
    ['completed', 'committed', { old: planned.before, now: planned.target }],
    ['finished', 'committed', { old: planned.source, now: planned.target }],
    ['quarantined', 'quarantined', {}],
  ])('tells a repair, when it was made and by whom: %s', async (recovery, outcome, runs) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', 'old');
    for (const [id, content] of Object.entries(runs)) sandbox.putRun(id, String(content));
    const { transferId, at } = putJournal(sandbox);
    await sandbox.call({ session: 's1' });
    const [first] = linesOf(sandbox);
    expect(first).toMatchObject({ outcome, recovery, transferId, source: 'old', target: 'now', pid: process.pid });
    expect(String(first?.['at']) > at).toBe(true);
  });

  it('tells a journal that does not parse by its name', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', 'old');
    putJournal(sandbox);
    fs.writeFileSync(sandbox.path('.forge-resume/journal/old.now.json'), '{"version":2');
    await sandbox.call({ session: 's1' });
    expect(linesOf(sandbox)).toMatchObject([{ outcome: 'quarantined', transferId: 'unknown', source: 'old' }]);
  });

  it('is set aside once it is a megabyte large; one older file is kept', async () => {
    const sandbox = makeSandbox();
    const [file, older] = ['history.jsonl', 'history.1.jsonl'].map((name) => sandbox.path('.forge-resume', name));
    const large = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    sandbox.putSessions('b');
    sandbox.putRun('a', liveRun({ owner_rcs_session_id: 'a' }));
    sandbox.putOwnFolder();
    fs.writeFileSync(String(older), 'what is older still');
    fs.writeFileSync(String(file), large);
    expect(await sandbox.call({ current: 'b', session: 's1' })).toMatchObject({ resumed: true });
    expect(fs.readFileSync(String(older), 'utf8')).toBe(large);
    expect(fs.readFileSync(String(file), 'utf8').trim().split('\n')).toHaveLength(1);
  });
});
