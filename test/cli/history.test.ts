import fs from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { type History, type HistoryQuestion, historyOf } from '../../src/cli/see/history/history-facts.ts';
import { historyText } from '../../src/cli/see/history/history-text.ts';
import { countArgument, sinceArgument } from '../../src/cli/see/history/since.ts';
import { painter } from '../../src/cli/see/paint.ts';
import { planned, putJournal } from '../recovery/journals.ts';
import { secret, stopEvent } from '../support/payloads.ts';
import { runProgram } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const now = Date.parse('2026-03-04T12:00:00.000Z');

const historyIn = (box: Sandbox, question: Partial<HistoryQuestion> = {}): History =>
  historyOf({ root: { stateDir: box.stateDir, isFound: false, others: [] }, limit: 50, ...question });

const textOf = (history: History): string[] => historyText(history, painter(false, {}), now).split('\n');
const whats = ({ events }: History): unknown[] => events.map(({ what, count }) => (count === 1 ? what : [what, count]));

const putHistory = (box: Sandbox, text: string, name = 'history.jsonl'): void => {
  box.putOwnFolder();
  fs.writeFileSync(box.path('.forge-resume', name), text);
};
const putLog = (box: Sandbox, text: string, day = '2026-03-04'): void => {
  const logs = join(box.project, '.rcs/logs');
  fs.mkdirSync(logs, { recursive: true });
  fs.writeFileSync(join(logs, `forge-resume-${day}.jsonl`), text);
};
const lines = (...records: readonly object[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join('');

const moved = (at: string, fields: object = {}) => ({
  at,
  transferId: 'mi6abc12-0a1b2c3d',
  source: 'launch-1',
  target: 'launch-2',
  outcome: 'committed',
  pid: 7,
  ...fields,
});
const refused = (time: string, fields: object = {}) => ({
  time,
  way: 'hook',
  event: 'Stop',
  sessionId: 'c1',
  threadId: 't1',
  pid: 9,
  currentRcsSessionId: 'launch-2',
  resumed: false,
  updatedCurrentOwner: false,
  reason: 'multiple_matching_prior_forges',
  ...fields,
});

describe('history: what really happened', () => {
  it('a hand-over, what a person did, and what was refused, newest first', async () => {
    const box = makeSandbox();
    box.declare({ liveRuns: 2 });
    box.putSessions('now');
    box.putRun('old', liveRun());
    const hook = (session: string) =>
      runProgram(['hook'], { env: { RCS_SESSION_ID: session }, input: stopEvent(box.project) });
    await hook('now');
    const mend = (...args: readonly string[]) =>
      runProgram([...args, '--yes', '--state-dir', box.stateDir], { env: { RCS_SESSION_ID: 'now' } });
    await mend('undo');
    await mend('adopt', 'old');
    box.putRun('twin', threadRun({ owner_codex_session_id: 's1' }));
    box.putSessions('third');
    await hook('third');
    await hook('third');
    await mend('end', 'now');
    await mend('end', 'twin');
    const args = ['history', '--json', '--state-dir', box.stateDir];
    const { code, stdout, stderr } = await runProgram(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const history = JSON.parse(stdout);
    expect(history).toMatchObject({ schema: 1, root: box.stateDir, others: [], unreadable: [] });
    expect(whats(history)).toEqual(['ended', 'ended', ['refused', 2], 'adopted', 'given_back', 'resumed']);
    const [, , refusal, adoption] = history.events;
    expect(refusal).toMatchObject({
      from: null,
      to: 'third',
      reason: 'multiple_matching_prior_forges',
      conversation: { sessionId: 's1', threadId: 's1' },
      pid: expect.any(Number),
      transferId: null,
    });
    expect(adoption).toMatchObject({ from: 'old', to: 'now', pid: expect.any(Number), reason: null });
    expect(adoption.transferId).toMatch(/^[a-z0-9]+-[a-z0-9]{8}$/);
    expect(stdout).not.toContain(secret);
    expect((await runProgram(['log', '--json', '--state-dir', box.stateDir])).stdout).toBe(stdout);
  });

  it('what a later call made of an unfinished transfer', async () => {
    const box = makeSandbox();
    box.putRun('old', planned.before);
    box.putRun('now', planned.target);
    putJournal(box);
    await box.call({ session: 's1' });
    expect(historyIn(box).events).toMatchObject([{ what: 'recovered', reason: 'completed', from: 'old', to: 'now' }]);
  });

  it('nothing, where nothing has happened', () => {
    expect(textOf(historyIn(makeSandbox()))[2]).toBe('Nothing is on record.');
  });
});

describe('history: what is shown of it', () => {
  it('fits 80 columns, the transfer’s id whole', () => {
    const box = makeSandbox();
    putHistory(
      box,
      lines(
        moved('2026-03-04T09:00:00.000Z', { source: `a${'b'.repeat(63)}`, target: `c${'d'.repeat(63)}`, pid: 4194303 }),
        moved('2025-03-04T09:00:00.000Z', { outcome: 'undone' }),
        { at: '2026-03-04T10:00:00.000Z', outcome: 'ended', session: 'launch-2', stopReason: 'ended_by_user', pid: 7 },
      ),
    );
    putLog(box, lines(...Array.from({ length: 12 }, () => refused('2026-03-04T11:00:00.000Z'))));
    const text = textOf(historyIn(box));
    expect(text.slice(2)).toEqual([
      'WHEN (UTC)      WHAT        FROM         TO           PID      TRANSFER, OR WHY',
      '03-04 11:00:00  refused     -            launch-2     9        12x several match',
      '03-04 10:00:00  ended       launch-2     -            7        ended_by_user',
      '03-04 09:00:00  resumed     abbbbbbbbb…  cddddddddd…  4194303  mi6abc12-0a1b2c3d',
      '2025-03-04      taken back  launch-1     launch-2     7        mi6abc12-0a1b2c3d',
      '',
    ]);
    for (const line of text.slice(2)) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('a run that was idle for too long: of which session, not what told its age', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    box.putRun('old', liveRun({ updated_at: '2026-01-02T03:04:05.000Z' }));
    await box.call({ session: 's1', staleAfter: 1_000 });
    for (const history of [historyIn(box), historyIn(box, { session: 'old' })]) {
      expect(history.events).toMatchObject([{ what: 'ended', from: 'old', to: null, reason: 'stale_active_state' }]);
      expect(textOf(history)[3]).toMatch(/ ended {2,}old {2,}- {2,}\d+ +idle for too long$/);
    }
  });

  it('the same refusal in a row counts up; another one, or a hand-over, between begins anew', () => {
    const box = makeSandbox();
    const minute = (at: number): string => `2026-03-04T10:0${at}:00.000Z`;
    putHistory(box, lines(moved(minute(3))));
    putLog(
      box,
      lines(
        refused(minute(0), { pid: 1 }),
        refused(minute(1), { pid: 2 }),
        refused(minute(2), { pid: 3 }),
        refused(minute(4)),
        refused(minute(5), { reason: 'no_matching_prior_forge' }),
        refused(minute(6), { sessionId: 'c2' }),
        { ...refused(minute(7)), reason: undefined, error: { code: 'IO', message: 'disk full' } },
      ),
    );
    const history = historyIn(box);
    expect(whats(history)).toEqual(['failed', 'refused', 'refused', 'refused', 'resumed', ['refused', 3]]);
    expect(history.events.at(-1)).toMatchObject({ count: 3, firstAt: minute(0), at: minute(2), pid: 3 });
  });

  it('not the calls that only found nothing to do, and each hand-over once', () => {
    const box = makeSandbox();
    putHistory(box, lines(moved('2026-03-04T10:00:00.000Z')));
    putLog(
      box,
      lines(
        refused('2026-03-04T10:00:00.100Z', { resumed: true, reason: 'resumed_same_codex_session' }),
        refused('2026-03-04T10:01:00.000Z', { reason: 'current_forge_active' }),
        refused('2026-03-04T10:02:00.000Z', { reason: 'current_forge_active', updatedCurrentOwner: true }),
      ),
    );
    expect(whats(historyIn(box))).toEqual(['resumed']);
  });

  it('both files of the history, and every day of the log', () => {
    const box = makeSandbox();
    putHistory(box, lines(moved('2026-03-01T10:00:00.000Z')), 'history.1.jsonl');
    putHistory(box, lines(moved('2026-03-03T10:00:00.000Z')));
    putLog(box, lines(refused('2026-03-02T10:00:00.000Z')), '2026-03-02');
    putLog(box, lines(refused('2026-03-04T10:00:00.000Z')));
    expect(whats(historyIn(box))).toEqual(['refused', 'resumed', 'refused', 'resumed']);
  });

  it('what a newer release notes, by its own name', () => {
    const box = makeSandbox();
    putHistory(box, lines({ at: '2026-03-04T10:00:00.000Z', outcome: 'constructor', session: 'a', pid: 'x' }));
    expect(historyIn(box).events).toMatchObject([{ what: 'constructor', from: 'a', to: null, pid: null }]);
    expect(textOf(historyIn(box))[3]).toContain('construct…');
  });

  it('half lines, lines of another kind and files that cannot be read: the rest, and one note', () => {
    const box = makeSandbox();
    putHistory(
      box,
      `7\n${lines(moved('2026-03-04T10:00:00.000Z'), { at: 'never', outcome: 'ended' })}{"at":"2026-03-0`,
    );
    fs.mkdirSync(box.path('.forge-resume/history.1.jsonl'));
    putLog(box, `nonsense\n${lines(refused('2026-03-04T11:00:00.000Z'))}`);
    const history = historyIn(box);
    expect(whats(history)).toEqual(['refused', 'resumed']);
    expect(history.unreadable.map(({ lines }) => lines)).toEqual([null, 3, 1]);
    expect(textOf(history).filter((line) => line.startsWith('Not shown'))).toEqual([
      `Not shown: 4 lines that are torn or of another kind, and ${box.path('.forge-resume/history.1.jsonl')}, which cannot be read`,
    ]);
    fs.rmdirSync(box.path('.forge-resume/history.1.jsonl'));
  });

  it('no link is followed, neither as a file nor as our folder or that of logs', () => {
    const box = makeSandbox();
    const away = makeSandbox();
    putHistory(away, lines(moved('2026-03-04T10:00:00.000Z')));
    putLog(away, lines(refused('2026-03-04T11:00:00.000Z')));
    fs.symlinkSync(away.path('.forge-resume'), box.path('.forge-resume'));
    fs.symlinkSync(join(away.project, '.rcs/logs'), join(box.project, '.rcs/logs'));
    expect(historyIn(box)).toMatchObject({ events: [], unreadable: [] });
    fs.unlinkSync(box.path('.forge-resume'));
    fs.mkdirSync(box.path('.forge-resume'));
    fs.symlinkSync(away.path('.forge-resume/history.jsonl'), box.path('.forge-resume/history.jsonl'));
    expect(historyIn(box)).toMatchObject({ events: [], unreadable: [{ lines: null }] });
    fs.unlinkSync(box.path('.forge-resume/history.jsonl'));
  });

  it('hostile names and contents, escaped and cut', async () => {
    const box = makeSandbox();
    const evil = '\u001b]0;x\u0007\n$(touch /tmp/x)\u202e';
    const at = '2026-03-04T10:00:00.000Z';
    putHistory(box, lines(moved(at, { source: evil, target: { a: 1 }, transferId: evil.repeat(9_999), pid: 1e300 })));
    putLog(box, lines(refused('2026-03-04T11:00:00.000Z', { reason: evil, sessionId: evil })));
    for (const args of [[], ['--json']]) {
      const { code, stdout } = await runProgram(['history', ...args, '--state-dir', box.stateDir]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      expect([code, stdout.includes('\\u001b]0;x')]).toEqual([0, true]);
      expect(stdout.length).toBeLessThan(8_000);
    }
  });
});

describe('history: a part of it', () => {
  const box = (): Sandbox => {
    const made = makeSandbox();
    const hours = ['08', '09', '10', '11'].map((hour) => `2026-03-04T${hour}:00:00.000Z`);
    putHistory(
      made,
      lines(
        ...hours.map((at, index) =>
          moved(at, { source: `launch-${index}`, target: `launch-${index + 1}`, pid: index }),
        ),
      ),
    );
    return made;
  };
  const pids = ({ events }: History): unknown[] => events.map(({ pid }) => pid);

  it('--limit: the newest; --session: what is about it; --since: what is no older', async () => {
    const made = box();
    expect(pids(historyIn(made, { limit: 2 }))).toEqual([3, 2]);
    expect(pids(historyIn(made, { session: 'launch-2' }))).toEqual([2, 1]);
    expect(pids(historyIn(made, { since: Date.parse('2026-03-04T10:00:00.000Z') }))).toEqual([3, 2]);
    const args = ['history', '--json', '--session', 'launch-2', '--since', '2026-03-04T10:00', '--limit=5'];
    const { stdout } = await runProgram([...args, '--state-dir', made.stateDir]);
    expect(pids(JSON.parse(stdout))).toEqual([2]);
  });

  it.each([
    ['2h', now - 7_200_000],
    ['30 min', now - 1_800_000],
    ['30m', now - 1_800_000],
    ['3d', now - 3 * 86_400_000],
    ['5s', now - 5_000],
    ['999999999d', 0],
    ['2026-03-04', Date.parse('2026-03-04T00:00:00Z')],
    ['2026-03-04T10:00', Date.parse('2026-03-04T10:00:00Z')],
    ['2026-03-04 10:00:30Z', Date.parse('2026-03-04T10:00:30Z')],
    ['2026-03-04T10:00:00+02:00', Date.parse('2026-03-04T08:00:00Z')],
  ])('--since %j', (value, at) => expect(sinceArgument(value, now)).toBe(at));

  it.each(['', 'yesterday', '2 weeks', '-2h', '2026-13-45', '2026-03-04T25:00'])('--since %j is usage', (value) =>
    expect(() => sinceArgument(value, now)).toThrow(InvalidArgumentError),
  );

  it.each(['0', '-1', 'x', '1.5', ''])('--limit %j is usage', (value) =>
    expect(() => countArgument(value)).toThrow(InvalidArgumentError),
  );

  it('wrong usage exits with 2 and says what is right; no project with 1', async () => {
    expect(await runProgram(['history', '--since', 'soon'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('30m, 2h, 3d'),
    });
    const { code, stdout, stderr } = await runProgram(['history', '--json'], { cwd: '/' });
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { schema: 1, error: { message: expect.any(String) } }]);
    expect(stderr).toContain('--state-dir');
  });
});

describe('history takes no lock and writes nothing', () => {
  it('also while a call holds the lock', async () => {
    const box = makeSandbox();
    putHistory(box, lines(moved('2026-03-04T10:00:00.000Z')));
    box.putLock('4711.1.a');
    const before = box.snapshot();
    expect(await runProgram(['history', '--state-dir', box.stateDir])).toMatchObject({ code: 0, stderr: '' });
    expect(box.snapshot()).toEqual(before);
    fs.rmSync(box.path('.lock.forge-session-resume'), { recursive: true });
  });

  it('two full files of the history and a full log are shown within a second of one core', () => {
    const box = makeSandbox();
    const fill = (line: (index: number) => object): string => {
      let text = '';
      for (let index = 0; text.length < 1024 * 1024 - 400; index += 1) text += lines(line(index));
      return text;
    };
    const at = (index: number): string => new Date(now - 10_000_000 + index * 7).toISOString();
    putHistory(
      box,
      fill((index) => moved(at(index))),
      'history.1.jsonl',
    );
    putHistory(
      box,
      fill((index) => moved(at(index + 9_000))),
    );
    putLog(
      box,
      fill((index) => refused(at(index), { sessionId: `c${index % 3}` })),
    );
    const costs = [0, 1, 2].map(() => {
      const before = process.cpuUsage();
      const history = historyIn(box, { limit: 100_000 });
      expect(history.events.length).toBeGreaterThan(10_000);
      expect(textOf(history).length).toBeGreaterThan(10_000);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    expect(Math.min(...costs)).toBeLessThan(1_000);
  });
});
