import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A tmux server of a test's own: its own socket, no configuration, nothing shared with the user's. */
export interface TmuxServer {
  /** Scratch folder, removed by `stop`. */
  readonly folder: string;
  /** What tmux puts into a pane's environment, for a process that shall believe to run in it. */
  readonly envOf: (pane: string) => Record<string, string | undefined>;
  /** Opens a tmux session with one pane; resolves to the pane once its program has called `ready`. */
  readonly openSession: (name: string, argv: readonly string[]) => Promise<string>;
  /** Opens one more pane, in a window of its own behind the others. */
  readonly openPane: (session: string, argv: readonly string[]) => Promise<string>;
  /** Writes an executable script into the folder; resolves to its path. */
  readonly script: (name: string, text: string) => Promise<string>;
  /** What a shell script says to report that it runs, and then to stay until its pane goes. */
  readonly stay: string;
  /** The same for a node script. */
  readonly stayNode: string;
  /** Ends the server and its panes, and waits until they are gone. The folder stays. */
  readonly kill: () => Promise<void>;
  /** `kill`, then removes the folder. */
  readonly stop: () => Promise<void>;
}

/** This process's environment without what ties it to the user's own tmux. */
function envOutsideTmux(): Record<string, string | undefined> {
  return { ...process.env, TMUX: undefined, TMUX_PANE: undefined };
}

/**
 * Starts a private tmux server. It comes to life with the first `openSession`.
 *
 * @returns the server; the caller must `stop` it
 */
export async function startTmuxServer(): Promise<TmuxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pane-'));
  const socket = join(folder, 'socket');
  const tmux = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env: envOutsideTmux() });
    return stdout.trim();
  };
  let opened = 0;
  const open = async (command: readonly string[], argv: readonly string[]): Promise<string> => {
    opened += 1;
    const channel = `ready-${opened}`;
    const where = ['-d', '-P', '-F', '#{pane_id}', '-e', `READY=${channel}`];
    const pane = await tmux(...command, ...where, '--', ...argv);
    // A signal that comes before its waiter is kept for it.
    await tmux('wait-for', channel);
    return pane;
  };
  const kill = async (): Promise<void> => {
    const listed = await tmux('list-panes', '-a', '-F', '#{pid}\n#{pane_pid}').catch(() => '');
    await tmux('kill-server').catch(() => undefined);
    const pids = new Set(listed.split('\n').filter((line) => line !== ''));
    await Promise.all([...pids].map((pid) => processGone(Number(pid))));
  };
  return {
    folder,
    envOf: (pane) => ({ ...process.env, TMUX: `${socket},1,0`, TMUX_PANE: pane }),
    openSession: (name, argv) => open(['new-session', '-s', name], argv),
    openPane: (session, argv) => open(['new-window', '-a', '-t', `=${session}:{end}`], argv),
    script: (name, text) => writeScript(join(folder, name), text),
    stay: 'tmux wait-for -S "$READY"; read -r _',
    stayNode: `require('node:child_process').execFileSync('tmux', ['wait-for', '-S', process.env.READY]); process.stdin.resume();`,
    kill,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Writes an executable file; resolves to its path. */
export async function writeScript(path: string, text: string): Promise<string> {
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

/**
 * Waits until a process that is no child of ours, and so sends no signal, has ended; a zombie counts as ended.
 *
 * @throws Error when it is still there after 5 s
 */
export async function processGone(pid: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await hasEnded(pid))) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there`);
    await delay(5);
  }
}

async function hasEnded(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return true;
  }
}
