import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

function project(fields: object = {}): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ owner_codex_session_id: 'someone-else', owner_rcs_session_id: 'old', ...fields }));
  return sandbox;
}

const run = (sandbox: Sandbox, ...args: readonly string[]): Promise<Ended> =>
  runProgram(args, { cwd: sandbox.project, env: { RCS_SESSION_ID: 'now', TMUX: '/nowhere,1,0' } });

const planIdIn = (text: string): string => /plan ([0-9a-f]{16})/.exec(text)?.[1] ?? '';

describe('adopt, end and undo on the command line', () => {
  it('print their plan first, the same with --dry-run, and do nothing unless they are told to', async () => {
    const sandbox = project({ iteration: 4 });
    const before = sandbox.snapshot();
    const dry = await run(sandbox, 'adopt', 'old', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout.split('\n')).toEqual([
      `Adopt: plan ${planIdIn(dry.stdout)} in ${sandbox.stateDir}`,
      `  loses   old: an active run, phase building, iteration 4, conversation someone-else, ${sandbox.runFile('old')}`,
      `  gains   now: no run, ${sandbox.runFile('now')}`,
      '  owner   unknown (nothing tells)',
      '',
    ]);
    const unasked = await run(sandbox, 'adopt', 'old');
    expect(unasked).toMatchObject({ code: 2, stdout: dry.stdout });
    expect(unasked.stderr).toContain('--yes');
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('act on the plan that a person saw, and only while nothing has moved', async () => {
    const sandbox = project();
    const plan = planIdIn((await run(sandbox, 'adopt', 'old', '--dry-run')).stdout);
    sandbox.putRun('old', { ...sandbox.run('old'), iteration: 9 });
    const moved = await run(sandbox, 'adopt', 'old', '--yes', '--plan', plan);
    expect(moved).toMatchObject({ code: 1 });
    expect(moved.stderr).toContain('has moved since');
    expect(sandbox.run('old')).toMatchObject({ active: true });
    const again = planIdIn(moved.stdout);
    const done = await run(sandbox, 'adopt', 'old', '--yes', '--plan', again, '--session-id', 's1');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('Adopted: ');
    expect(sandbox.run('now')).toMatchObject({ active: true, owner_codex_session_id: 's1', iteration: 9 });
  });

  it('give back what was adopted, by the name of its transfer or without, and end it', async () => {
    const sandbox = project();
    await run(sandbox, 'adopt', 'old', '--yes');
    const history = fs.readFileSync(sandbox.path('.forge-resume', 'history.jsonl'), 'utf8');
    const { transferId } = JSON.parse(history);
    expect(await run(sandbox, 'undo', 'another', '--yes')).toMatchObject({ code: 1 });
    expect((await run(sandbox, 'undo', transferId, '--yes')).stdout).toContain('Given back: ');
    expect((await run(sandbox, 'undo', '--from', 'old', '--yes')).stdout).toContain('Given back: ');
    expect((await run(sandbox, 'end', 'now', '--yes')).stdout).toContain('Ended: ');
    expect(sandbox.run('now')).toMatchObject({ active: false, stop_reason: 'ended_by_user' });
    const nothing = await run(sandbox, 'end', 'now', '--yes');
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.stderr).toContain('the run of session now has ended');
  });

  it('name the command that takes back what they did, whichever session is current', async () => {
    const sandbox = project();
    const adopted = await run(sandbox, 'adopt', 'old', '--yes');
    expect(adopted.stdout).toContain('forge-resume undo --from now gives it back');
    const back = await run(sandbox, 'undo', '--from', 'now', '--yes');
    expect(back.stdout).toContain('forge-resume undo --from old takes that back');
    expect(await run(sandbox, 'undo', '--from', 'old', '--yes')).toMatchObject({ code: 0 });
  });

  it('say in the plan why it is refused, and what to do', async () => {
    const sandbox = project();
    const refusal = async (...args: readonly string[]) =>
      / {2}refused (.*)/.exec((await run(sandbox, ...args, '--dry-run')).stdout)?.[1];
    expect(await refusal('end', 'ghost')).toContain('forge-resume status');
    expect(await refusal('adopt', 'old', '--into', 'ghost')).toContain('--into');
    expect(await refusal('adopt', 'old', '--into', 'old')).toMatch(/^session old has this run already/);
    expect(await refusal('undo')).toContain('--from');
  });

  it('--json prints one object: the plan, and what came of it', async () => {
    const sandbox = project();
    const plan = JSON.parse((await run(sandbox, 'end', 'old', '--dry-run', '--json')).stdout);
    expect(plan).toMatchObject({
      schema: 1,
      command: 'end',
      root: sandbox.stateDir,
      plan: { from: { session: 'old', holds: 'active' }, to: null, liveness: { state: 'unknown' }, refusal: null },
    });
    expect(plan).not.toHaveProperty('result');
    const { code, stdout } = await run(sandbox, 'end', 'old', '--yes', '--json', '--plan', plan.plan.id);
    expect([code, JSON.parse(stdout).result.reason]).toEqual([0, 'ended_by_user']);
  });

  it('are refused for a live owner, unless the person knows better', async () => {
    const sandbox = project({ pid: process.pid });
    const refused = await run(sandbox, 'end', 'old', '--yes');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain('owner   live (its process is there)');
    expect(refused.stderr).toContain('--from-live');
    expect(await run(sandbox, 'end', 'old', '--yes', '--from-live')).toMatchObject({ code: 0 });
  });

  it('end: says where the bytes are, and what it prints puts them back', async () => {
    const sandbox = project();
    const before = sandbox.raw('old');
    const { stdout } = await run(sandbox, 'end', 'old', '--yes');
    const [kept = '', back = ''] = stdout.trimEnd().split('\n').slice(-2);
    expect(kept).toMatch(/^Kept: .*\/quarantine\/[\dTZ-]+-old-end$/);
    execFileSync('/bin/sh', ['-c', back.replace(/^Back: /, '')]);
    expect(sandbox.raw('old')).toBe(before);
    const { result, undo } = JSON.parse((await run(sandbox, 'end', 'old', '--yes', '--json')).stdout);
    expect(undo).toEqual(['cp', '-p', '--', result.ended[0].kept, sandbox.runFile('old')]);
    execFileSync(undo[0], undo.slice(1));
    expect(sandbox.raw('old')).toBe(before);
  });

  it('end: a run that is put back has its trail, so that it can be given back; wherever the state directory is named from', async () => {
    const sandbox = project();
    await run(sandbox, 'adopt', 'old', '--yes');
    const trail = sandbox.path('.forge-resume', 'trails', 'now.json');
    const [before, noted] = [sandbox.raw('now'), fs.readFileSync(trail, 'utf8')];
    const { stdout } = await run(sandbox, 'end', 'now', '--yes', '--state-dir', '.rcs/state');
    expect(fs.existsSync(trail)).toBe(false);
    const [, back = ''] = /^Back: (.*)$/m.exec(stdout) ?? [];
    execFileSync('/bin/sh', ['-c', back], { cwd: '/' });
    expect([sandbox.raw('now'), fs.readFileSync(trail, 'utf8')]).toEqual([before, noted]);
    expect(await run(sandbox, 'undo', '--yes')).toMatchObject({ code: 0 });
    expect(sandbox.run('old')).toMatchObject({ active: true });
  });

  it('find the project upwards, take another by --state-dir, and say so where there is none', async () => {
    const sandbox = project();
    const inner = `${sandbox.project}/a/b`;
    fs.mkdirSync(inner, { recursive: true });
    const env = { RCS_SESSION_ID: 'now' };
    expect(await runProgram(['end', 'old', '--dry-run'], { cwd: inner, env })).toMatchObject({ code: 0 });
    const args = ['end', 'old', '--dry-run', '--state-dir', sandbox.stateDir];
    expect(await runProgram(args, { cwd: '/', env })).toMatchObject({ code: 0 });
    const lost = await runProgram(['end', 'old', '--yes'], { cwd: dirname(sandbox.project), env });
    expect(lost).toMatchObject({ code: 1, stdout: '' });
    expect(lost.stderr).toContain('--state-dir');
  });

  it.each([
    [['adopt', 'old', '--into', 'nobody'], 'there is no session nobody that could get the run'],
    [['adopt', 'nobody'], 'session nobody has no run; forge-resume status lists'],
    [['end', 'nobody'], 'session nobody has no run; forge-resume status lists'],
    [['end', 'done'], 'the run of session done has ended'],
    [['end', 'torn'], 'the run of session torn cannot be read; forge-resume doctor says'],
    [['adopt', 'over'], 'the run of session over is over (phase failed); forge-resume end over marks'],
    [['adopt', 'old', '--into', 'live'], 'end that one first: forge-resume end live'],
    [['undo'], 'name the session that has the run: --from'],
    [['undo', '--from', 'old'], 'session old has no run that was handed over to it; see forge-resume history'],
    [['undo', 'another', '--from', 'old'], 'no run is here by another that could be given back; forge-resume history'],
  ])('a refusal says what is in the way, and what to do: %j', async (args, message) => {
    const sandbox = project();
    sandbox.declare({ liveRuns: 3 });
    sandbox.putRun('done', liveRun({ active: false }));
    sandbox.putRun('torn', '{');
    sandbox.putRun('over', liveRun({ current_phase: 'failed', owner_codex_session_id: 'x' }));
    sandbox.putRun('live', liveRun({ owner_codex_session_id: 'y' }));
    const before = sandbox.snapshot();
    const { code, stderr } = await run(sandbox, ...args, '--yes');
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('say so where the state directory is not there, as why does', async () => {
    for (const args of [['adopt', 'old'], ['end', 'old'], ['undo']]) {
      const { code, stdout, stderr } = await runProgram([...args, '--yes', '--state-dir', '/nowhere']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('/nowhere is not there. Name');
    }
    const { code, stdout } = await runProgram(['why', '--state-dir', '/nowhere']);
    expect([code, stdout.split('\n')[1]]).toEqual([0, expect.stringContaining('/nowhere is not there. Name')]);
  });

  it('show hostile contents, and execute none', async () => {
    const sandbox = project({ current_phase: 'x\u001b[31m\nloses nothing' });
    const { stdout } = await run(sandbox, 'adopt', 'old', '--dry-run');
    expect(stdout.split('\n')).toHaveLength(5);
    expect(stdout).not.toContain('\u001b');
  });
});
