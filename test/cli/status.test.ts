import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { painter } from '../../src/cli/see/paint.ts';
import { type Status, statusOf } from '../../src/cli/see/status-facts.ts';
import { statusText } from '../../src/cli/see/status-text.ts';
import { processIdentity } from '../../src/store/file/files/process-identity.ts';
import { deadPid, liveProcess } from '../support/processes.ts';
import { builtCli, ended, runProgram } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const statusIn = (box: Sandbox, env: Record<string, string> = {}): Promise<Status> =>
  statusOf({ stateDir: box.stateDir, isFound: false, others: [] }, env);

const textOf = (status: Status): string => statusText(status, painter(false, {}), Date.now());

describe('status: what it says', () => {
  it('has every run with what its file says, the live ones first', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun({ tmux_pane_id: '%7', updated_at: '2026-01-02T03:04:05.000Z' }));
    box.putRun('threads', threadRun({ iteration: 'many' }));
    box.putRun('done', liveRun({ active: false, current_phase: 'complete' }));
    box.putRun('torn', '{"active":');
    box.putSessions('empty');
    const { schema, root, runs } = await statusIn(box);
    expect({ schema, root }).toEqual({ schema: 1, root: box.stateDir });
    expect(runs.map(({ session }) => session)).toEqual(['threads', 'old', 'done', 'torn']);
    expect(runs[1]).toMatchObject({
      session: 'old',
      active: true,
      phase: 'building',
      iteration: 5,
      owner: 'session:s1',
      pane: '%7',
      changedAt: '2026-01-02T03:04:05.000Z',
      liveness: { state: 'unknown', sign: 'no_sign' },
    });
    expect(runs[0]).toMatchObject({ owner: 'thread:t1', iteration: 'many', pane: null });
    expect(runs[3]).toMatchObject({ readable: false, active: false, phase: null });
  });

  it('whether the owner lives, by the sign that decided it', async () => {
    const box = makeSandbox();
    const { pid, startTicks } = liveProcess();
    box.putRun('alive', liveRun({ pid, pid_start_ticks: startTicks }));
    box.putRun('gone', liveRun({ owner_codex_session_id: 's2', pid: await deadPid() }));
    const said = (await statusIn(box)).runs.map(({ session, liveness }) => [session, liveness.state, liveness.sign]);
    expect(said.sort()).toEqual([
      ['alive', 'live', 'process_alive'],
      ['gone', 'dead', 'process_gone'],
    ]);
  });

  it("the policy sessionFrom: 'pointer': the session that a call with it would find, by flag and by variable", async () => {
    const box = makeSandbox();
    box.putSessions('now', 'recorded');
    const { pid, startTicks } = liveProcess();
    box.putRecord({ session_id: 'recorded', pid, pid_start_ticks: startTicks });
    const currentBy = async (env: Record<string, string>, ...args: string[]) => {
      const words = ['status', '--state-dir', box.stateDir, '--json', ...args];
      const { stdout } = await runProgram(words, { env: { RCS_SESSION_ID: 'now', ...env } });
      return JSON.parse(stdout).current;
    };
    const pointed = { session: 'recorded', by: 'session.json', error: null };
    expect(await currentBy({})).toEqual({ session: 'now', by: 'RCS_SESSION_ID', error: null });
    expect(await currentBy({}, '--session-from', 'pointer')).toEqual(pointed);
    expect(await currentBy({ FORGE_RESUME_SESSION_FROM: 'pointer' })).toEqual(pointed);
    // It has no say in what is shown.
    expect(await currentBy({ FORGE_RESUME_STALE_AFTER: 'soon', FORGE_RESUME_SESSION_FROM: 'pointer' })).toEqual(
      pointed,
    );
  });

  it('which session is current, and by what', async () => {
    const box = makeSandbox();
    box.putSessions('now', 'recorded');
    box.putRecord({ session_id: 'recorded' });
    expect((await statusIn(box)).current).toEqual({ session: 'recorded', by: 'session.json', error: null });
    const env = { RCS_SESSION_ID: '../x', CODEX_SESSION_ID: 'now' };
    expect((await statusIn(box, env)).current).toEqual({ session: 'now', by: 'CODEX_SESSION_ID', error: null });
    expect((await statusIn(box, { SESSION_ID: 'nowhere' })).current).toMatchObject({ session: 'recorded' });
    fs.symlinkSync('now', box.path('sessions/linked'));
    expect((await statusIn(box, { RCS_SESSION_ID: 'linked' })).current.error).toMatch(/linked is a symbolic link/);
  });

  it('who has the lock, and which lock it is', async () => {
    const box = makeSandbox();
    expect((await statusIn(box)).lock).toMatchObject({ state: 'free', kind: 'kernel', pid: null, ageMs: null });
    const { bootId, pidNamespace } = processIdentity();
    const { pid, startTicks } = liveProcess();
    const lock = box.putLock(`${pid}.1.a kernel ${bootId} ${pidNamespace} ${startTicks}`);
    expect((await statusIn(box)).lock).toMatchObject({ state: 'held', kind: 'kernel', pid, isElsewhere: false });
    fs.writeFileSync(join(lock, 'owner'), `${pid}.1.a folder ${bootId} ${pidNamespace} ${startTicks + 1}`);
    expect((await statusIn(box)).lock).toMatchObject({ state: 'dead', kind: 'folder', pid });
    fs.writeFileSync(join(lock, 'owner'), `${pid}.1.a folder elsewhere ${pidNamespace} ${startTicks}`);
    expect((await statusIn(box)).lock).toMatchObject({ state: 'held', isElsewhere: true });
    fs.writeFileSync(join(lock, 'owner'), '4711.1.a');
    const [old] = [Date.now() / 1_000 - 60];
    fs.utimesSync(lock, old, old);
    const status = await statusIn(box);
    expect(status.lock).toMatchObject({ state: 'stale', kind: 'folder', pid: 4711 });
    expect(textOf(status)).toMatch(/^Lock {5}stale: process 4711, touched 1 min ago \(the folder alone/m);
    fs.rmSync(lock, { recursive: true });
  });

  it('which transfers are unfinished', async () => {
    const box = makeSandbox();
    fs.mkdirSync(box.path('.forge-resume/journal'), { recursive: true });
    fs.writeFileSync(box.path('.forge-resume/journal/old.now.json'), '');
    const status = await statusIn(box);
    expect(status.journals).toEqual([{ source: 'old', target: 'now' }]);
    expect(textOf(status)).toContain('Journal  old -> now: unfinished');
    fs.rmSync(box.path('.forge-resume'), { recursive: true });
  });
});

describe('status: how it is shown', () => {
  it('keeps to 80 columns, whatever runs and names hold', async () => {
    const box = makeSandbox();
    const long = 'x'.repeat(64);
    box.putRun(long, liveRun({ current_phase: '測試測試測試測試', iteration: 1e300, tmux_pane_id: '%123456789' }));
    box.putRun('b', liveRun({ owner_codex_session_id: `a\u001b[31mred\n${long}`, pid: await deadPid() }));
    const lines = textOf({ ...(await statusIn(box)), root: '/p' }).split('\n');
    // Wide characters take two columns.
    const widths = lines.map((line) =>
      [...line].reduce((sum, char) => sum + (char > '\u1100' && char !== '…' ? 2 : 1), 0),
    );
    expect(Math.max(...widths.filter((_width, index) => index > 3))).toBeLessThanOrEqual(80);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
    expect(lines.join('')).toContain('a\\u001b[31m');
  });

  it('has colours on a terminal only, and none where NO_COLOR says so', () => {
    expect(painter(true, {})('red', 'x')).toBe('\u001b[31mx\u001b[0m');
    expect(painter(true, { NO_COLOR: '1' })('red', 'x')).toBe('x');
    expect(painter(true, { TERM: 'dumb' })('red', 'x')).toBe('x');
    expect(painter(false, {})('red', 'x')).toBe('x');
  });

  it.runIf(needs('script'))(
    '--watch shows what has changed, in a pseudo-terminal, until it is interrupted',
    async () => {
      const box = makeSandbox();
      box.putRun('old', liveRun());
      const command = `exec '${process.execPath}' '${join(builtCli, 'forge-resume.cjs')}' ls --watch`;
      const { PATH = '' } = process.env;
      const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: box.project, env: { PATH, TERM: 'xterm' } });
      onTestFinished(() => void child.kill('SIGKILL'));
      let [seen, isStopped] = ['', false];
      child.stdout.on('data', (part: Buffer) => {
        seen += part;
        if (seen.includes('building') && !seen.includes('polishing')) {
          box.putRun('old', liveRun({ current_phase: 'polishing' }));
        }
        if (!seen.includes('polishing') || isStopped) return;
        isStopped = true;
        child.stdin.write('\u0003');
      });
      const { code } = await ended(child);
      expect(code).toBe(0);
      expect(seen).toContain('\u001b[2J');
      expect(seen).toContain('\u001b[1mSESSION');
    },
  );
});

describe('status: as a program', () => {
  it('is typed in a subfolder, names the root that it uses and others that it saw', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    const inner = join(box.project, 'sub', '.rcs', 'state');
    const below = join(dirname(dirname(inner)), 'deep');
    fs.mkdirSync(inner, { recursive: true });
    fs.mkdirSync(below);
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [join(builtCli, 'forge-resume.cjs'), 'status'], {
      cwd: below,
      env: { PATH },
    });
    const { code, stdout, stderr } = await ended(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Project  ${inner}\n         not used: ${box.stateDir}\n`);
    const env = { CLAUDE_PROJECT_DIR: box.project };
    const { stdout: other } = await runProgram(['status', '--json'], { env });
    expect(JSON.parse(other)).toMatchObject({ root: box.stateDir, runs: [{ session: 'old' }] });
  });

  it('says what to do where there is no project', async () => {
    const empty = makeSandbox({ stateDir: false });
    const { PATH = '' } = process.env;
    const none = spawn(process.execPath, [join(builtCli, 'forge-resume.cjs'), 'status'], {
      cwd: empty.project,
      env: { PATH },
    });
    expect(await ended(none)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/name it: --state-dir <dir>\n$/),
    });
    const { code, stdout, stderr } = await runProgram(['ls', '--json', '--state-dir', empty.stateDir]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is not there\. Name the runtime's state directory/);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, error: { message: expect.stringMatching(/is not there/) } });
  });

  it('writes nothing, and is not held up by a held lock', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    fs.symlinkSync('/etc/hostname', box.path('session.json'));
    box.putSessions('odd');
    fs.mkdirSync(box.runFile('odd'));
    box.putLock('4711.1.a');
    const before = box.snapshot();
    const { code, stdout } = await runProgram(['status', '--state-dir', box.stateDir]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Lock {5}held: process 4711/m);
    expect(stdout).toMatch(/unreadable/);
    expect(box.snapshot()).toEqual(before);
    fs.rmSync(box.path('.lock.forge-session-resume'), { recursive: true });
  });
});
