import type { ChildProcess } from 'node:child_process';
import { choosePane, isPaneId, type PaneRow, paneListFormat, parsePaneList } from '../rules/pane.ts';
import { protocol } from '../rules/protocol.ts';
import { trimmedText } from '../rules/text.ts';
import { processAncestors } from './process-ancestors.ts';

/** Far more than any session lists; what prints more is not tmux. */
const maxOutputBytes = 1024 * 1024;

/** How long a killed child may take to be gone before it is given up, milliseconds. */
const killGraceMs = 100;

/** What is known before tmux is asked. */
export interface PaneQuestion {
  /** Ends the look-up early, as if tmux had failed. */
  readonly signal?: AbortSignal | undefined;
  /** Whether this process is a child of the agent: then the pane that it descends from is the agent's. */
  readonly isAgentChild?: boolean | undefined;
  /** The pane that the run already names; an agent's child in that very pane asks nothing. */
  readonly named?: string | undefined;
}

/**
 * Finds the agent's tmux pane (src/rules/README.md#pane; src/rules/README.md#rule-3-current-run-active and
 * src/rules/README.md#rule-7-transfer). An environment of the caller's own that names a pane is believed; otherwise
 * tmux is asked, once at most, about the session of `process.env.TMUX_PANE`. Where tmux is missing, fails, prints more
 * than 1 MiB, hangs past 2 s or lists nothing that fits, `env.TMUX_PANE` is the answer, unchecked.
 *
 * @param env - environment of the call; only the very object `process.env` counts as the process's own
 * @param question - what is known
 * @returns the pane, such as `%3`, trimmed; empty if none is known. Never rejects; leaves no process and no timer behind
 * @example await lookUpPane(process.env) // '%3'
 */
export async function lookUpPane(
  env: Readonly<Record<string, string | undefined>>,
  { signal, isAgentChild = false, named }: PaneQuestion = {},
): Promise<string> {
  const given = trimmedText(env[protocol.env.pane]);
  if (env !== process.env && given !== '') return given;
  const start = trimmedText(process.env[protocol.env.pane]);
  if (!isPaneId(start) || (isAgentChild && start === trimmedText(named))) return given;
  // A guess at the mark would have to be in a pane's command before the question is asked.
  const mark = makeMark();
  const listing = await ask(['list-panes', '-s', '-t', start, '-F', paneListFormat(mark)], signal);
  return choosePane(parsePaneList(listing, mark), start, isAgentChild ? processAncestors() : []) ?? given;
}

/**
 * Lists every pane of the tmux server that this process's environment names, else of the user's usual one.
 *
 * @param signal - ends it early
 * @returns the panes; undefined where tmux is missing, fails, hangs past 2 s or has none. Never rejects
 */
export async function listPanes(signal?: AbortSignal): Promise<readonly PaneRow[] | undefined> {
  const mark = makeMark();
  const rows = parsePaneList(await ask(['list-panes', '-a', '-F', paneListFormat(mark)], signal), mark);
  return rows.length === 0 ? undefined : rows;
}

/**
 * Which tmux there is.
 *
 * @returns such as `tmux 3.4`; undefined where there is none, it hangs past 2 s, or says something else
 */
export async function tmuxVersion(): Promise<string | undefined> {
  return /^tmux [\w.-]{1,20}$/.exec((await ask(['-V'], undefined)).trim())?.[0];
}

const makeMark = (): string => `p${Math.random().toString(36).slice(2)}${process.hrtime.bigint().toString(36)}`;

/** Runs tmux; resolves to what it printed, to nothing if it did not end well within the limits. */
async function ask(args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  // Slow to load, and calls outside tmux never need it. Loaded at once where Node can, so that tmux is already at
  // work while the caller reads files.
  const { spawn } = process.getBuiltinModule?.('node:child_process') ?? (await import('node:child_process'));
  if (signal?.aborted) return '';
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let state: 'asking' | 'givenUp' | 'settled' = 'asking';
    let timer: NodeJS.Timeout | undefined;
    let child: ChildProcess | undefined;

    const settle = (listing: string): void => {
      state = 'settled';
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      resolve(listing);
    };
    const giveUp = (): void => {
      if (state !== 'asking' || child === undefined) return;
      state = 'givenUp';
      clearTimeout(timer);
      killGroup(child);
      child.stdout?.destroy();
      // A process that the kernel holds cannot be killed: neither the answer nor our own exit waits for it.
      timer = setTimeout(() => {
        child?.unref();
        settle('');
      }, killGraceMs);
    };

    try {
      // A group of its own, so that a wrapper script is killed together with what it waits for.
      child = spawn('tmux', args, { stdio: ['ignore', 'pipe', 'ignore'], env: process.env, detached: true });
    } catch {
      settle('');
      return;
    }
    // After a stall of our own, an answer that has long arrived is taken before tmux is held to have hung: one turn of
    // the event loop reads it, the next closes the pipe, and from Node 24 on one more passes before that is told.
    timer = setTimeout(
      () => setImmediate(() => setImmediate(() => setImmediate(giveUp))),
      protocol.limits.paneTimeoutMs,
    );
    signal?.addEventListener('abort', giveUp, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) giveUp();
      else chunks.push(chunk);
    });
    child.stdout?.on('error', giveUp);
    child.on('error', () => settle(''));
    child.on('close', (code) => {
      settle(code === 0 && state === 'asking' ? Buffer.concat(chunks).toString('utf8') : '');
    });
  });
}

function killGroup(child: ChildProcess): void {
  const { pid, exitCode, signalCode } = child;
  // Once it has been reaped, its id may be another's.
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
