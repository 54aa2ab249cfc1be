import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPolicies } from '../../src/cli/policy-switches.ts';
import { notification, stopEvent } from '../support/payloads.ts';
import { logOf, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const env = { RCS_SESSION_ID: 'now' };
const old = { updated_at: '2026-01-02T03:04:05.000Z' };

function withPrior(fields: Readonly<Record<string, unknown>> = {}): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ owner_rcs_session_id: 'old', ...fields }));
  return sandbox;
}

const hook = (sandbox: Sandbox, more: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  runProgram(['hook', ...args], { env: { ...env, ...more }, input: stopEvent(sandbox.project) });
const reconcile = (sandbox: Sandbox, more: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  runProgram(['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1', '--json', ...args], {
    env: { ...env, ...more },
  });

describe('what a policy is asked for with', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
  ])('%s is a duration', (word, ms) => {
    expect(readPolicies({ staleAfter: word }, {})).toEqual({ staleAfter: ms });
    expect(readPolicies({}, { FORGE_RESUME_STALE_AFTER: ` ${word} ` })).toEqual({ staleAfter: ms });
  });

  it('a flag goes before a variable, and a blank variable says nothing', () => {
    const env = {
      FORGE_RESUME_STALE_AFTER: '7d',
      FORGE_RESUME_REQUIRE_DEAD_OWNER: '1',
      FORGE_RESUME_SESSION_FROM: ' ',
    };
    expect(readPolicies({ staleAfter: '1h', allowedSessions: 'a, b' }, env)).toEqual({
      staleAfter: 3_600_000,
      requireDeadOwner: true,
      allowedSessions: ['a', 'b'],
    });
    expect(readPolicies({}, {})).toEqual({});
  });

  it.each([
    ['FORGE_RESUME_STALE_AFTER', '12'],
    ['FORGE_RESUME_STALE_AFTER', '0h'],
    ['FORGE_RESUME_STALE_AFTER', '-1h'],
    ['FORGE_RESUME_REQUIRE_DEAD_OWNER', 'yes'],
    ['FORGE_RESUME_REFUSE_FOREIGN_OWNER', '0'],
    ['FORGE_RESUME_SESSION_FROM', 'env'],
    ['FORGE_RESUME_ALLOWED_SESSIONS', 'a,,b'],
  ])('%s=%s is refused, by a sentence that names it and what it takes', (name, value) => {
    expect(() => readPolicies({}, { [name]: value })).toThrow(`${name} takes `);
  });
});

describe('the policies of hook and notify', () => {
  it('end a stale run, and the call log says so', async () => {
    const sandbox = withPrior(old);
    expect(await hook(sandbox, { FORGE_RESUME_STALE_AFTER: '1d' })).toEqual(silent);
    expect(sandbox.run('old')).toMatchObject({ active: false, stop_reason: 'stale_active_state' });
    expect(logOf(sandbox.project)).toMatchObject([
      {
        reason: 'no_matching_prior_forge',
        ended: [{ session: 'old', stopReason: 'stale_active_state', limitMs: 86_400_000, source: 'updated_at' }],
      },
    ]);
  });

  it.each([['--stale-after', '1d'], ['--stale-after=1d']])('by flag as well: %s %s', async (...args) => {
    const sandbox = withPrior(old);
    expect(await hook(sandbox, {}, ...args)).toEqual(silent);
    expect(sandbox.run('old')['stop_reason']).toBe('stale_active_state');
  });

  it('refuse, and the call log says that, too', async () => {
    const sandbox = withPrior({ pid: process.pid });
    expect(await hook(sandbox, { FORGE_RESUME_REQUIRE_DEAD_OWNER: '1' })).toEqual(silent);
    expect(await hook(sandbox, {}, '--require-dead-owner')).toEqual(silent);
    const line = { reason: 'prior_owner_live', owner: { session: 'old', state: 'live', sign: 'process_alive' } };
    expect(logOf(sandbox.project)).toMatchObject([line, line]);
    sandbox.putRun('now', liveRun({ owner_codex_session_id: 'someone-else' }));
    sandbox.declare({ liveRuns: 2 });
    const own = { FORGE_RESUME_REFUSE_FOREIGN_OWNER: '1' };
    expect(await runProgram(['notify', notification(sandbox.project)], { env: { ...env, ...own } })).toEqual(silent);
    expect(logOf(sandbox.project).at(-1)).toMatchObject({ reason: 'current_forge_foreign' });
    expect(sandbox.run('now')['owner_rcs_session_id']).toBe(liveRun()['owner_rcs_session_id']);
  });

  it('go by the named sessions and by the pointer', async () => {
    const sandbox = withPrior();
    const before = sandbox.snapshot();
    expect(await hook(sandbox, { FORGE_RESUME_ALLOWED_SESSIONS: 'other' })).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
    expect(await hook(sandbox, { FORGE_RESUME_SESSION_FROM: 'pointer' }, '--allowed-sessions', 'old')).toEqual(silent);
    expect(sandbox.run('now')['active']).toBe(true);
  });

  it.each(['hook', 'notify'] as const)(
    '%s: a value that cannot be understood is one line, and no call',
    async (way) => {
      const sandbox = withPrior();
      const before = sandbox.snapshot();
      const bad = { FORGE_RESUME_STALE_AFTER: '12 parsecs\u001b[31m' };
      const { project } = sandbox;
      const given =
        way === 'hook'
          ? await hook(sandbox, bad)
          : await runProgram(['notify', notification(project, { 'session-id': 's1' })], { env: { ...env, ...bad } });
      expect(given).toMatchObject({ code: 0, stdout: '' });
      expect(given.stderr).toMatch(/^forge-resume \w+: .*FORGE_RESUME_STALE_AFTER takes a duration such as 30m.*\n$/);
      expect(given.stderr).not.toContain('\u001b');
      expect(sandbox.snapshot()).toEqual(before);
    },
  );

  it.each([['--require-dead-ownr'], ['--stale-afer=12h'], ['--allow-sessions=a']])(
    'a policy that is misspelt is one line, and no call: %s',
    async (word) => {
      const sandbox = withPrior(old);
      const before = sandbox.snapshot();
      const { code, stdout, stderr } = await hook(sandbox, {}, word);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toMatch(/^forge-resume hook: --\S+ is no policy; those that are: .*--require-dead-owner.*\n$/);
      expect(sandbox.snapshot()).toEqual(before);
    },
  );

  it('a policy of several lines cannot be understood either', async () => {
    const sandbox = withPrior(old);
    const before = sandbox.snapshot();
    const { code, stderr } = await hook(sandbox, {}, '--stale-after=1\nd');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^forge-resume hook: --stale-after takes a duration .*\n$/);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('FORGE_RESUME=off switches the hand-over off, quietly; a command that somebody typed goes on', async () => {
    const sandbox = withPrior();
    const before = sandbox.snapshot();
    const off = { FORGE_RESUME: 'off' };
    expect(await hook(sandbox, off)).toEqual(silent);
    const payload = notification(sandbox.project, { 'session-id': 's1' });
    expect(await runProgram(['notify', payload], { env: { ...env, ...off } })).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
    const odd = await hook(sandbox, { FORGE_RESUME: '0' });
    expect(odd.stderr).toContain('FORGE_RESUME takes off or on');
    expect(sandbox.snapshot()).toEqual(before);
    expect((await reconcile(sandbox, off)).stdout).toContain('resumed_same_codex_session');
  });
});

describe('the policies of reconcile and why', () => {
  it('reconcile: says what was ended, in words', async () => {
    const sandbox = withPrior(old);
    const args = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1', '--stale-after', '1d'];
    const { code, stdout } = await runProgram(args, { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/The run \S+ has been ended as stale: idle for \d+ d by updated_at, longer than 24 h\./);
  });

  it('reconcile: refused by flag and by variable', async () => {
    const sandbox = withPrior({ pid: process.pid });
    for (const [more, ...args] of [[{}, '--require-dead-owner'], [{ FORGE_RESUME_REQUIRE_DEAD_OWNER: '1' }]] as const) {
      expect(JSON.parse((await reconcile(sandbox, more, ...args)).stdout)).toMatchObject({
        reason: 'prior_owner_live',
      });
    }
  });

  it.each([
    [['reconcile', '--stale-after', 'soon'], {}],
    [['reconcile', '--session-from', 'env'], {}],
    [['why', '--allowed-sessions', ''], {}],
    [['why'], { FORGE_RESUME_STALE_AFTER: 'soon' }],
    [['reconcile'], { FORGE_RESUME_REQUIRE_DEAD_OWNER: 'yes' }],
    [['status', '--session-from', 'env'], {}],
    [['status'], { FORGE_RESUME_SESSION_FROM: 'env' }],
    [['report'], { FORGE_RESUME_STALE_AFTER: 'soon' }],
  ] as const)('%j with %j is wrong usage', async ([command, ...args], more) => {
    const { stateDir } = withPrior();
    const given = await runProgram([command, '--state-dir', stateDir, ...args], { env: { ...env, ...more } });
    expect(given).toMatchObject({ code: 2, stdout: '' });
    expect(given.stderr).toMatch(/^[^\n]+ takes [^\n]+\n$/);
  });

  it('report: what a call with them would come to', async () => {
    const sandbox = withPrior({ pid: process.pid });
    const words = ['report', '--state-dir', sandbox.stateDir, '--json'];
    const given = [[{}, '--require-dead-owner'], [{ FORGE_RESUME_REQUIRE_DEAD_OWNER: '1' }], [{}]] as const;
    const reasons = await Promise.all(
      given.map(async ([more, ...args]) => {
        const { stdout } = await runProgram([...words, ...args], { env: { ...env, ...more } });
        return JSON.parse(stdout).why.reason;
      }),
    );
    expect(reasons).toEqual(['prior_owner_live', 'prior_owner_live', 'resumed_same_codex_session']);
  });

  const why = async (sandbox: Sandbox, ...args: readonly string[]) => {
    const words = ['--state-dir', sandbox.stateDir, '--session-id', 's1', ...args];
    const [dry, said] = [
      await runProgram(['reconcile', '--dry-run', ...words], { env }),
      await runProgram(['why', '--json', ...words], { env }),
    ];
    return { text: dry.stdout, ...JSON.parse(said.stdout) };
  };

  it('why: a stale run would be ended, and adopt takes it all the same', async () => {
    const sandbox = withPrior(old);
    const before = sandbox.snapshot();
    const found = await why(sandbox, '--stale-after', '1d');
    expect(found).toMatchObject({
      reason: 'no_matching_prior_forge',
      candidates: [{ session: 'old', excludedBy: 'stale' }],
      wouldResumeIf: 'no policy kept the run of old from being taken',
      command: ['forge-resume', 'adopt', 'old', '--into', 'now', '--state-dir', sandbox.stateDir],
    });
    expect(found.cause).toMatch(/would be ended as stale/);
    expect(found.text).toContain('it has been idle for too long');
    expect(sandbox.snapshot()).toEqual(before);
    expect((await runProgram([...found.command.slice(1), '--yes'], { env })).code).toBe(0);
    expect(sandbox.run('now')['active']).toBe(true);
  });

  it('why: another session than the allowed ones, an owner that lives, a run of another conversation', async () => {
    const sandbox = withPrior({ pid: process.pid });
    expect(await why(sandbox, '--allowed-sessions', 'other')).toMatchObject({
      candidates: [{ session: 'old', excludedBy: 'not_allowed' }],
      command: ['forge-resume', 'adopt', 'old', '--into', 'now', '--state-dir', sandbox.stateDir],
    });
    expect(await why(sandbox, '--require-dead-owner')).toMatchObject({
      reason: 'prior_owner_live',
      candidates: [{ session: 'old', excludedBy: 'owner_lives' }],
      command: ['forge-resume', 'adopt', 'old', '--from-live', '--into', 'now', '--state-dir', sandbox.stateDir],
    });
    fs.mkdirSync(sandbox.path('sessions', 'now'), { recursive: true });
    sandbox.putRun('now', liveRun({ owner_codex_session_id: 'someone-else' }));
    sandbox.declare({ liveRuns: 2 });
    const foreign = await why(sandbox, '--refuse-foreign-owner');
    expect(foreign).toMatchObject({ reason: 'current_forge_foreign', command: null });
    expect(foreign.text).toContain('an active run of another conversation');
  });
});
