import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Recovery } from '../../machines/contract.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { sentenceFor } from '../../src/cli/sentences.ts';
import { type Reason, reasons } from '../../src/rules/protocol.ts';
import { startCaller } from '../support/outside/caller.ts';
import { orderIn } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { runProgram, startProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const env = { RCS_SESSION_ID: 'now' };

const reconcile = ({ stateDir }: Sandbox, ...more: string[]) =>
  runProgram(['reconcile', '--state-dir', stateDir, '--session-id', 's1', ...more], { env });

const resumable = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  return sandbox;
};

describe('forge-resume reconcile', () => {
  const subject = useSubject();

  it('exit 0: a decision was made; --json prints the result as one line, the schema first', async () => {
    const sandbox = resumable();
    const { code, stdout, stderr } = await reconcile(sandbox, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\{"schema":1,[^\n]+\n$/);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      currentRcsSessionId: 'now',
      resumed: true,
      updatedCurrentOwner: false,
      reason: reasons.resumed,
      sourcePath: sandbox.runFile('old'),
      targetPath: sandbox.runFile('now'),
    });
  });

  it('exit 0: without --json a sentence', async () => {
    const { code, stdout, stderr } = await reconcile(resumable());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Resumed: .* now belongs to session now, .*\n$/);
  });

  it('exit 0: a state directory that does not exist is a decision too, and is not created', async () => {
    const sandbox = makeSandbox({ stateDir: false });
    expect(await reconcile(sandbox)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^The current session is not known/),
    });
    expect(sandbox.tree()).toEqual([]);
  });

  it('takes a thread id', async () => {
    const sandbox = resumable();
    sandbox.putRun('old', { ...liveRun(), owner_codex_session_id: '', owner_codex_thread_id: 't9' });
    const { stdout } = await runProgram(['reconcile', '--state-dir', sandbox.stateDir, '--thread-id', 't9', '--json'], {
      env,
    });
    expect(JSON.parse(stdout)).toMatchObject({ resumed: true });
  });

  it('exit 75: the lock stayed taken', async () => {
    const sandbox = resumable();
    sandbox.declare({ foreignLock: true });
    sandbox.putLock(`${process.pid}.${Date.now()}.00ff`);
    const { code, stdout } = await reconcile(sandbox, '--json');
    expect(code).toBe(75);
    expect(JSON.parse(stdout)).toMatchObject({ reason: reasons.lockTimeout, currentRcsSessionId: '' });
  });

  it.each([
    ['an older runtime', `${process.pid}.1.00ff`, `Process ${process.pid} holds LOCK.`],
    ['nobody who said so', undefined, 'Nothing says any more who holds LOCK.'],
    ['another machine', '7.1.00ff kernel boot pid:[1] 5', 'Process 7 of another container or machine holds LOCK.'],
  ])('exit 75: the sentence names the lock and its holder: %s', async (_name, token, sentence) => {
    const sandbox = resumable();
    sandbox.declare({ foreignLock: true });
    const lock = sandbox.putLock(token);
    const { code, stdout } = await reconcile(sandbox);
    expect(code).toBe(75);
    expect(stdout).toContain(` ${sentence.replace('LOCK', lock)}\n`);
  });

  it('exit 75: a holder that stands still, and what lets it go on', async () => {
    const sandbox = resumable();
    const holder = await startCaller(subject().module);
    const call = holder.call(orderIn(sandbox, 'now', { deeds: { afterLockAcquired: 'stop' } }));
    await holder.stopped();
    const { stdout } = await reconcile(sandbox);
    const [, pid = ''] =
      /Process (\d+) holds \S+ and stands still; kill -CONT \1 lets it go on\.\n$/.exec(stdout) ?? [];
    process.kill(Number(pid), 'SIGCONT');
    expect(await call).toMatchObject({ result: { resumed: true } });
    await holder.kill();
  });

  it('names a run that is broken, and one that is too large', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const broken = sandbox.putRun('broken', '{"owner_codex_session_id":"s1",');
    const large = sandbox.putRun('large', ' '.repeat(8 * 1024 * 1024 + 1));
    const { stdout } = await reconcile(sandbox);
    rmSync(large);
    expect(stdout).toContain(`Beside that, the run of large was passed over: ${large} is over 8 MiB.`);
    expect(stdout).toContain(`Beside that, the run of broken was passed over: ${broken} cannot be read, or does not`);
  });

  it('says so where the lock is the folder alone, and only then', async () => {
    const [weak, strong] = [resumable(), resumable()];
    const hook = join(weak.project, 'deno.cjs');
    // Where this stands, the addon is not loaded.
    writeFileSync(hook, 'globalThis.Deno = {};');
    const args = (sandbox: Sandbox): string[] => ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1'];
    const said = await runProgram(args(weak), { env: { ...env, NODE_OPTIONS: `--require ${hook}` } });
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining(' The lock was the folder alone, ') });
    expect((await runProgram(args(strong), { env })).stdout).not.toContain('The lock was');
  });

  it('exit 1: a failure is one line on standard error, with --json one on standard output too', async () => {
    const sandbox = resumable();
    writeFileSync(sandbox.path('.forge-resume'), 'a file where our folder should be');
    const plain = await reconcile(sandbox);
    expect(plain).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^forge-resume reconcile: [A-Z_]+: [^\n]+\n$/),
    });
    const json = await reconcile(sandbox, '--json');
    expect(json).toMatchObject({ code: 1, stderr: plain.stderr });
    expect(json.stdout).toMatch(/^\{"schema":1,/);
    expect(JSON.parse(json.stdout)).toEqual({
      schema: 1,
      error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) },
    });
  });

  it.each([
    [['reconcile', '--state-dir']],
    [['reconcile', '--state-dir', '']],
    [['reconcile', '--state-dir', 'x', '--sesion-id', 's']],
    [['reconcile', '--state-dir', 'x', 'extra']],
    [['recncile']],
    [['--nonsense']],
    [['demo', 'extra']],
    [[]],
  ])('exit 2: wrong usage %j shows the usage on standard error', async (args) => {
    expect(await runProgram(args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^Usage: forge-resume/m),
    });
  });

  it('what the user typed cannot move the cursor', async () => {
    const { stderr } = await runProgram(['x\u001b[2J\ny']);
    expect(stderr).toContain("unknown command 'x\\u001b[2J\\u000ay'");
  });

  it('a path with control characters stays on its line, in JSON with the same meaning', async () => {
    const sandbox = makeSandbox();
    const stateDir = join(sandbox.project, 'a\n\u001b[31m\u009b\u2028b', '.rcs', 'state');
    const inner = Object.assign(Object.create(sandbox) as Sandbox, { stateDir });
    mkdirSync(join(stateDir, 'sessions', 'now'), { recursive: true });
    writeFileSync(join(stateDir, 'sessions', 'now', 'forge-state.json'), '{}');
    const plain = await reconcile(inner);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(plain.stdout).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028]+\n$/);
    const json = await reconcile(inner, '--json');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    expect(json.stdout).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028]+\n$/);
    expect(JSON.parse(json.stdout)).toMatchObject({
      targetPath: join(stateDir, 'sessions', 'now', 'forge-state.json'),
    });
  });

  it('a reader that goes away early breaks nothing', async () => {
    const child = startProgram(['reconcile', '--state-dir', makeSandbox().stateDir]);
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('the sentences', () => {
  const resultOf = (reason: Reason, recovered: readonly Recovery[] = []): ReconcileResult => {
    const paths = { sourcePath: '/s', targetPath: '/t' };
    const facts = { currentRcsSessionId: 'now', resumed: false, updatedCurrentOwner: false };
    return { ...facts, ...paths, reason, recovered } as ReconcileResult;
  };

  it.each(Object.values(reasons))('%s: says what happened and what to do, on one line', (reason) => {
    const sentence = sentenceFor(resultOf(reason));
    expect(sentence).toMatch(/^[A-Z][^\n]+\.$/);
    expect(sentence).not.toContain('undefined');
    expect(sentence.split('. ').length).toBeGreaterThan(1);
  });

  it('no two reasons share one', () => {
    const all = Object.values(reasons).map((reason) => sentenceFor(resultOf(reason)));
    expect(new Set(all).size).toBe(all.length);
  });

  it('tells what was recovered', () => {
    const recovered = [{ transferId: 'abc', outcome: 'completed' as const }];
    expect(sentenceFor(resultOf(reasons.currentActive, recovered))).toMatch(
      /An earlier transfer, abc, was completed\.$/,
    );
  });
});
