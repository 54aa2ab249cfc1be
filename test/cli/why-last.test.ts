import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HistoryEvent, happenings } from '../../src/cli/see/history/event.ts';
import { pastDecision } from '../../src/cli/see/why/past-decision.ts';
import { policyReasons, reasons, stopReasons } from '../../src/rules/protocol.ts';
import { stopEvent } from '../support/payloads.ts';
import { type Ended, runProgram } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const hook = (box: Sandbox, session: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runProgram(['hook'], { env: { RCS_SESSION_ID: session, ...more }, input: stopEvent(box.project) });
const last = (box: Sandbox, ...args: readonly string[]): Promise<Ended> =>
  runProgram(['why', '--last', ...args, '--state-dir', box.stateDir]);

const event = (fields: Partial<HistoryEvent> = {}): HistoryEvent => ({
  at: '2026-03-04T10:00:00.000Z',
  what: 'refused',
  from: 'old',
  to: 'now',
  pid: 7,
  transferId: 'mi6abc12-0a1b2c3d',
  reason: null,
  conversation: { sessionId: 's1', threadId: '' },
  message: null,
  ...fields,
});

describe('why --last: what calls really decided', () => {
  it('newest first, in the form of why: answer, cause, and a command that works', async () => {
    const box = makeSandbox();
    box.declare({ liveRuns: 2 });
    box.putSessions('now', 'third');
    box.putRun('old', liveRun());
    await hook(box, 'now');
    box.putRun('twin', threadRun({ owner_codex_session_id: 's1' }));
    await hook(box, 'third');
    await hook(box, 'third');
    const { code, stdout, stderr } = await last(box);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const texts = stdout.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, '<time>').split('\n');
    const undo = /^What to do: forge-resume (undo .*)$/m.exec(stdout)?.[1] ?? '';
    expect(texts).toEqual([
      '<time>, 2 times since <time>',
      'Nothing moved: several sessions had a live run of this conversation.',
      'More than one was of conversation s1, and only you know which goes on (rule 6).',
      `What to do: forge-resume why third --state-dir ${box.stateDir} --session-id=s1 --thread-id=s1`,
      '',
      '<time>',
      'Resumed: the run of old moved to now.',
      'It was the only live run of its conversation (rule 6).',
      `What to do: forge-resume ${undo}`,
      '',
      `Asked in ${box.stateDir}`,
      '',
    ]);
    await runProgram(['end', 'twin', '--yes', '--state-dir', box.stateDir]);
    expect(await runProgram([...undo.split(' '), '--yes'])).toMatchObject({ code: 0 });
    expect(box.run('old')).toMatchObject({ active: true });
    const json = JSON.parse((await last(box, '2', '--json')).stdout);
    expect(json).toMatchObject({ schema: 1, root: box.stateDir, unreadable: [] });
    expect(json.decisions.map(({ what }: { what: string }) => what)).toEqual(['given_back', 'ended']);
    expect(json.decisions[0].command.slice(0, 2)).toEqual(['forge-resume', 'undo']);
  });

  it('a call that failed: what it threw', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    fs.mkdirSync(join(box.stateDir, 'elsewhere'));
    fs.mkdirSync(box.path('sessions'), { recursive: true });
    fs.symlinkSync('../elsewhere', box.path('sessions/now'));
    await hook(box, 'now');
    const { stdout } = await last(box);
    expect(stdout).toContain('\nA call failed: STATE_UNSAFE.\n');
    expect(stdout).toContain(`sessions/now is a symbolic link`);
    expect(stdout).toContain(`\nWhat to do: forge-resume doctor --state-dir ${box.stateDir}\n`);
  });

  it('with FORGE_RESUME_LOG=all also that there was nothing to do; of one session where one is named', async () => {
    const box = makeSandbox();
    box.putSessions('other');
    await hook(box, 'other', { FORGE_RESUME_LOG: 'all' });
    box.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    await hook(box, 'now', { FORGE_RESUME_LOG: 'all' });
    const { stdout } = await runProgram(['why', 'now', '--last', '--state-dir', box.stateDir]);
    expect(stdout).toContain('Nothing moved: now had an active run of its own.\nIts owner was up to date (rule 3).\n');
    expect(stdout).not.toContain('no other session');
    expect((await last(box)).stdout).toContain('no other session');
  });

  it('nothing is on record: says how to get more', async () => {
    const { code, stdout } = await last(makeSandbox());
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'Nothing is on record. With FORGE_RESUME_LOG=all every call of an agent is.',
    ]);
  });

  it.each([
    ['--last', '0'],
    ['--last', 'launch-1'],
    ['--last', '--session-id', 'x'],
    ['--last', '--exit-code'],
  ])('wrong usage: why %j', async (...args) => {
    expect(await runProgram(['why', ...args])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('why --last: every decision has words', () => {
  const isReason = (reason: string): boolean => reason !== reasons.resumed && reason !== reasons.currentActive;

  it.each([...Object.values(reasons).filter(isReason), ...Object.values(policyReasons)])('refused: %s', (reason) => {
    const { answer, cause, command } = pastDecision(event({ reason }), '/p');
    expect(answer).toMatch(/^Nothing moved: (?!.*_)/);
    expect(cause).not.toContain('--json');
    expect(command?.slice(0, 3)).toEqual(['forge-resume', 'why', 'now']);
  });

  it.each(Object.keys(happenings).filter((what) => what !== 'refused'))('%s', (what) => {
    const { answer, cause } = pastDecision(event({ what, reason: 'x' }), '/p');
    expect(answer).not.toContain('_');
    expect(cause).not.toContain('--json');
  });

  it('an ending by a policy names it', () => {
    const { cause } = pastDecision(event({ what: 'ended', reason: stopReasons.stale }), '/p');
    expect(cause).toBe('It had been idle for too long (policy staleAfter).');
  });

  it('also those of other releases, by their own names', () => {
    expect(pastDecision(event({ reason: 'toString' }), '/p').answer).toBe('Nothing moved: toString.');
    expect(pastDecision(event({ what: 'valueOf' }), '/p').answer).toBe('valueOf: old, now.');
  });

  it('a foreign name that could be a switch is in no command', () => {
    expect(pastDecision(event({ what: 'resumed', to: '--yes' }), '/p').command).toBeNull();
    expect(pastDecision(event({ what: 'resumed', transferId: '-x' }), '/p').command).toBeNull();
    expect(pastDecision(event({ to: '-x', conversation: null }), '/p').command).toEqual([
      'forge-resume',
      'why',
      '--state-dir',
      '/p',
    ]);
  });
});
