/** A child process that makes the calls on hostile directories, so that one that hangs can be ended and is seen. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Answer, Job } from '../support/child/job.ts';

/** What came of a call, how long it took without the time that other programs had, and the most memory used so far. */
export interface SubjectAnswer extends Answer {
  readonly rssMiB: number;
}

/** A process that makes calls, one after another. */
export interface Subject {
  /** Makes a call; throws if no answer comes within 15 s, and ends the process. */
  call(job: Omit<Job, 'hookThrows'>): Promise<SubjectAnswer>;
  /** Ends the process; the next call starts another. */
  restart(): Promise<void>;
  /** Ends the process and removes its program. */
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');
const hangMs = 15_000;

/**
 * Bundles a child program.
 *
 * @param name - its source in this folder
 */
export async function buildSubject(name: string): Promise<{ readonly program: string; readonly remove: () => void }> {
  const cache = join(root, 'node_modules', '.cache');
  fs.mkdirSync(cache, { recursive: true });
  // Below node_modules, so that the bundle resolves packages and native addons as the sources do.
  const folder = fs.mkdtempSync(join(cache, 'subject-'));
  const program = join(folder, 'subject.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return { program, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Bundles the program and starts the process at its first call. */
export async function openSubject(): Promise<Subject> {
  const { program, remove } = await buildSubject('subject-child.ts');
  let child: ChildProcess | undefined;
  const restart = async (): Promise<void> => {
    if (child !== undefined) await end(child);
    child = undefined;
  };
  return {
    restart,
    call: async (job) => {
      child ??= await start(program);
      const answer = await ask(child, { ...job, hookThrows: false });
      if (answer !== undefined) return answer;
      await restart();
      throw new Error(`no answer within ${hangMs} ms`);
    },
    close: async () => {
      await restart();
      remove();
    },
  };
}

async function start(program: string): Promise<ChildProcess> {
  const { TMUX_PANE: _pane, ...env } = process.env;
  const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env });
  // The first call loads and compiles; what is measured are those after it.
  await ask(child, {
    stateDir: join(program, 'none'),
    payloadSessionId: '',
    payloadThreadId: '',
    env: {},
    hookThrows: false,
  });
  return child;
}

async function ask(child: ChildProcess, job: Job): Promise<SubjectAnswer | undefined> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), hangMs);
  try {
    const answered = once(child, 'message', { signal: waiting.signal });
    child.send(job);
    const [answer] = await answered;
    return answer as SubjectAnswer;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
