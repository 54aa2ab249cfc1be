import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Why, type WhyQuestion, whyOf } from '../../src/cli/see/why/why-facts.ts';
import { whyText } from '../../src/cli/see/why/why-text.ts';
import { runInTerminal } from '../support/in-terminal.ts';
import { runProgram } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const now = { RCS_SESSION_ID: 'now' };

const whyIn = (box: Sandbox, question: Partial<WhyQuestion> = {}): Promise<Why> =>
  whyOf({ root: { stateDir: box.stateDir, isFound: false, others: [] }, env: now, ...question });

const lines = (why: Why): string[] => whyText(why).split('\n');
const rows = ({ candidates }: Why): unknown[] => candidates.map(({ session, excludedBy }) => [session, excludedBy]);

describe('why: what a call would come to', () => {
  it('it would resume: says which run would move', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    box.putRun('old', liveRun());
    const why = await whyIn(box, { sessionId: 's1' });
    expect(why).toMatchObject({ schema: 1, reason: 'resumed_same_codex_session', command: null, session: 'now' });
    expect(rows(why)).toEqual([['old', null]]);
    expect(lines(why)[0]).toBe('A call now would resume: the run would move to now.');
    expect(await box.call({ session: 's1' })).toMatchObject({ reason: why.reason });
  });

  it('no match: the first rule that rules each out, and the call that would resume', async () => {
    const box = makeSandbox();
    box.declare({ liveRuns: 3 });
    box.putSessions('now');
    box.putRun('done', liveRun({ active: false }));
    box.putRun('failed', liveRun({ current_phase: ' Failed ' }));
    box.putRun('foreign', liveRun({ owner_codex_session_id: "it's $(touch x)" }));
    box.putRun('list', '[1]');
    box.putRun('nobody', liveRun({ owner_codex_session_id: ' ' }));
    box.putRun('torn', '{"active":');
    const why = await whyIn(box, { sessionId: 's1' });
    expect(rows(why)).toEqual([
      ['done', 'not_active'],
      ['failed', 'terminal_phase'],
      ['foreign', 'other_conversation'],
      ['list', 'no_run'],
      ['nobody', 'no_owner'],
      ['torn', 'unreadable'],
    ]);
    expect(why.reason).toBe('no_matching_prior_forge');
    expect(why.wouldResumeIf).toBe("it were called for conversation it's $(touch x), whose run is in foreign");
    const command = ['forge-resume', 'reconcile', '--state-dir', box.stateDir, "--session-id=it's $(touch x)"];
    expect(why.command).toEqual(command);
    expect(lines(why)[2]).toContain(`'--session-id=it'\\''s $(touch x)'`);
    // The command does change it.
    const { stdout } = await runProgram(command.slice(1), { env: now });
    expect(stdout).toMatch(/^Resumed/);
  });

  it('several match: names them, and says that one alone would do', async () => {
    const box = makeSandbox();
    box.declare({ liveRuns: 2 });
    box.putSessions('now');
    box.putRun('a', threadRun());
    box.putRun('b', threadRun());
    const why = await whyIn(box, { threadId: 't1' });
    expect(why.reason).toBe('multiple_matching_prior_forges');
    expect(rows(why)).toEqual([
      ['a', 'several'],
      ['b', 'several'],
    ]);
    expect(why.wouldResumeIf).toMatch(/^[ab] were the only one$/);
    const [, ...adopt] = why.command ?? [];
    expect(await runProgram([...adopt, '--yes'], { env: now })).toMatchObject({ code: 0 });
    expect(box.run('now')).toMatchObject({ active: true });
  });

  it('an ended run is in the way: the command that moves it away lets the call resume', async () => {
    const box = makeSandbox();
    box.putRun('now', liveRun({ active: false, started_at: '2026-01-01T00:00:00.000Z' }));
    box.putRun('old', liveRun());
    const why = await whyIn(box, { sessionId: 's1' });
    expect(why).toMatchObject({ reason: 'current_forge_present', wouldResumeIf: 'the file of now were not there' });
    expect(rows(why)).toEqual([['old', 'decided_before']]);
    const [mv, , from = '', to = ''] = why.command ?? [];
    expect(mv).toBe('mv');
    fs.renameSync(from, to);
    expect(await box.call({ session: 's1' })).toMatchObject({ resumed: true });
  });

  it('a run that left comes home at the next prompt', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    box.putSessions('now');
    await box.call({ session: 's1' });
    const why = await whyIn(box, { sessionId: 's1', env: { RCS_SESSION_ID: 'old' } });
    expect(why).toMatchObject({ reason: 'current_forge_present', command: null });
    expect(why.wouldResumeIf).toMatch(/next prompt/);
    expect(await box.call({ session: 's1', current: 'old', comeHome: true })).toMatchObject({ resumed: true });
  });

  it('no session is current: the newest empty one would do', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    box.putSessions('launch-2');
    const why = await whyIn(box, { sessionId: 's1', env: {} });
    expect(why).toMatchObject({
      reason: 'current_rcs_session_missing',
      wouldResumeIf: 'launch-2 were the current session',
    });
    expect(why.command?.slice(0, 2)).toEqual(['env', 'RCS_SESSION_ID=launch-2']);
  });

  it('an error: what the call would throw', async () => {
    const box = makeSandbox();
    box.putSessions('other');
    fs.symlinkSync('other', box.path('sessions/now'));
    const why = await whyIn(box, { sessionId: 's1' });
    expect(why).toMatchObject({ reason: null, error: { code: 'STATE_UNSAFE' } });
    expect(lines(why)[0]).toBe('A call now would fail: STATE_UNSAFE.');
    expect(why.command).toEqual(['forge-resume', 'doctor', '--state-dir', box.stateDir]);
    expect(lines(why)[2]).toBe(`To look into it: forge-resume doctor --state-dir ${box.stateDir}`);
    expect((await runProgram(why.command?.slice(1) ?? [])).stdout).toMatch(/^FR005 unsafe-folder/);
    // A call says so as well, whoever asks for it.
    for (const command of [
      ['reconcile', '--session-id', 's1'],
      ['adopt', 'other', '--yes'],
    ]) {
      const { code, stderr } = await runProgram([...command, '--state-dir', box.stateDir], { env: now });
      expect([code, stderr]).toEqual([1, expect.stringContaining(`; look into it: forge-resume doctor --state-dir`)]);
    }
  });

  it('a session that is named is the current one', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    box.putSessions('there');
    expect(await whyIn(box, { session: 'there', sessionId: 's1', env: {} })).toMatchObject({ session: 'there' });
  });
});

describe('why: for which conversation', () => {
  it('the last one in the log, else the only one with a live run, else none', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    expect((await whyIn(box)).reason).toBe('payload_codex_identity_missing');
    box.putRun('old', liveRun());
    expect(await whyIn(box)).toMatchObject({
      reason: 'resumed_same_codex_session',
      conversation: { sessionId: 's1', by: 'the only conversation with a live run' },
    });
    const logs = join(dirname(box.stateDir), 'logs');
    fs.mkdirSync(logs);
    fs.writeFileSync(
      join(logs, 'forge-resume-2026-01-01.jsonl'),
      '{"sessionId":"s8","threadId":""}\n{"sessionId":"s9","threadId":""}\nnonsense\n{"sess',
    );
    expect(await whyIn(box)).toMatchObject({
      reason: 'no_matching_prior_forge',
      conversation: { sessionId: 's9', by: 'the last call in the log' },
    });
  });
});

describe('why: how it is shown', () => {
  it('beyond 20 candidates, how many each rule rules out', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    for (let index = 0; index < 21; index += 1) {
      box.putRun(`s${index}`, liveRun({ active: index > 2, owner_codex_session_id: `c${index}` }));
    }
    const text = whyText(await whyIn(box, { sessionId: 's1' }));
    expect(text).toContain('21 other sessions have a run:\n     18  it belongs to another conversation (rule 6)\n');
    expect(text).toContain('\n      3  it is not active (rule 6)\n');
  });

  it('names and contents of others are shown, not obeyed', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    box.putRun('evil', liveRun({ owner_codex_session_id: '\u001b]0;x\u0007\n$(touch /tmp/x)\u202e' }));
    const { stdout } = await runProgram(['why', '--session-id', 'x', '--state-dir', box.stateDir], { env: now });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(stdout).toContain('\\u001b]0;x');
  });

  it.each([[['why']], [['reconcile', '--dry-run']]])(
    '%j says the same, writes nothing, and exits with 3 if asked',
    async (words) => {
      const box = makeSandbox();
      box.putSessions('now');
      box.putRun('old', liveRun());
      box.putLock('4711.1.a');
      const before = box.snapshot();
      const args = [...words, '--state-dir', box.stateDir, '--json', '--exit-code'];
      const yes = await runProgram([...args, '--session-id', 's1'], { env: now });
      expect({ code: yes.code, stderr: yes.stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(yes.stdout)).toMatchObject({ schema: 1, reason: 'resumed_same_codex_session' });
      const no = await runProgram([...args, '--session-id', 's2'], { env: now });
      expect(no.code).toBe(3);
      expect(JSON.parse(no.stdout)).toMatchObject({
        reason: 'no_matching_prior_forge',
        wouldResumeIf: expect.stringMatching(/s1/),
      });
      expect(box.snapshot()).toEqual(before);
      expect(fs.existsSync(box.path('.forge-resume'))).toBe(false);
      fs.rmSync(box.path('.lock.forge-session-resume'), { recursive: true });
    },
  );

  it('reconcile --dry-run looks for no conversation that it was not told', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    box.putRun('old', liveRun());
    const { stdout } = await runProgram(['reconcile', '--dry-run', '--json', '--state-dir', box.stateDir], {
      env: now,
    });
    expect(JSON.parse(stdout)).toMatchObject({ reason: 'payload_codex_identity_missing' });
  });

  it('a session that can be none is wrong usage', async () => {
    expect(await runProgram(['why', '../x'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is no session id/),
    });
  });

  it('a session that is not there is no answer about another one', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    box.putRecord({ session_id: 'now' });
    box.putRun('old', liveRun());
    const words = ['why', 'nwo', '--state-dir', box.stateDir];
    expect(await runProgram(words)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^forge-resume why: there is no session nwo in .*forge-resume status/),
    });
    expect(JSON.parse((await runProgram([...words, '--json'])).stdout)).toMatchObject({ schema: 1, error: {} });
  });

  it('a session that is there, from which a call would fail, is answered for', async () => {
    const box = makeSandbox();
    box.putSessions('old', 'now');
    box.putOwnFolder();
    const note = box.path('.forge-resume', 'journal', 'old.now.json');
    fs.mkdirSync(dirname(note));
    fs.writeFileSync(note, JSON.stringify({ version: 99 }));
    box.declare({ own: new Set([note]) });
    const { code, stdout } = await runProgram([
      'why',
      'now',
      '--session-id',
      's1',
      '--json',
      '--state-dir',
      box.stateDir,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ session: 'now', error: { code: 'JOURNAL_VERSION' } });
  });

  it.runIf(needs('script'))('in a pseudo-terminal it says what it says in a pipe', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    box.putRun('old', liveRun());
    const env = { ...now, CLAUDE_PROJECT_DIR: box.project };
    const { stdout } = await runProgram(['why'], { env });
    expect((await runInTerminal('why', env)).replaceAll('\r', '')).toBe(stdout);
  });
});

describe('reconcile finds the project itself', () => {
  it('and says on standard error where', async () => {
    const box = makeSandbox();
    box.putSessions('now');
    const env = { ...now, CLAUDE_PROJECT_DIR: box.project };
    const { code, stdout, stderr } = await runProgram(['reconcile', '--json'], { env });
    expect({ code, reason: JSON.parse(stdout).reason }).toEqual({ code: 0, reason: 'payload_codex_identity_missing' });
    expect(stderr).toContain(`forge-resume reconcile: in ${box.stateDir}`);
  });
});
