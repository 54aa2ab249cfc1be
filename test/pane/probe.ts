import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What one look-up in a process of its own came to. */
export interface Found {
  readonly pane: string;
  /** How long the look-up took, milliseconds. */
  readonly took: number;
  /** Timers, processes and pipes that were there after the look-up and not before it. */
  readonly left: readonly string[];
}

/** How the process calls the look-up. */
interface Asking {
  /** The process's own environment. */
  readonly own: Record<string, string | undefined>;
  /** The environment that it passes; its own `process.env`, the very object, if absent. */
  readonly passed?: Record<string, string>;
  /** What the look-up is told of the run and of this process. */
  readonly question?: { readonly isAgentChild?: boolean; readonly named?: string };
  /** `before` the call, or `during`: once a file appears in this folder. */
  readonly abort?: { readonly when: 'before' } | { readonly when: 'during'; readonly folder: string };
  /** Keeps the event loop from turning for so long, right after the call, milliseconds. */
  readonly stall?: number;
}

/** Looks panes up in processes of their own, since a look-up starts from `process.env`. */
export interface Probe {
  readonly lookUp: (asking: Asking) => Promise<Found>;
  readonly remove: () => Promise<void>;
}

const program = `
import { watch } from 'node:fs';
import { lookUpPane } from './src/pane/tmux.ts';
const { passed, abort, stall, question } = JSON.parse(process.argv[2]);
const controller = new AbortController();
if (abort?.when === 'before') controller.abort();
const watcher = abort?.when === 'during' ? watch(abort.folder, () => controller.abort()) : undefined;
// Node opens these when they are first named; they are not the look-up's.
void [process.stdout, process.stderr];
const before = process.getActiveResourcesInfo();
const since = performance.now();
const answer = lookUpPane(passed ?? process.env, { signal: controller.signal, ...question });
if (stall) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stall);
const pane = await answer;
const took = performance.now() - since;
// A handle that is being closed is listed until the event loop has turned.
for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
const left = process.getActiveResourcesInfo();
for (const name of before) if (left.includes(name)) left.splice(left.indexOf(name), 1);
watcher?.close();
process.stdout.write(JSON.stringify({ pane, took, left }));
`;

/** Bundles the look-up; the caller must `remove` the bundle. */
export async function buildProbe(): Promise<Probe> {
  const folder = await mkdtemp(join(tmpdir(), 'pane-probe-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const outfile = join(folder, 'probe.mjs');
  const resolveDir = new URL('../..', import.meta.url).pathname;
  await build({
    stdin: { contents: program, resolveDir, loader: 'js' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    lookUp: ({ own, ...rest }) => runProbe([outfile, JSON.stringify(rest)], own),
    remove,
  };
}

async function runProbe(args: readonly string[], env: Record<string, string | undefined>): Promise<Found> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the probe ended with ${code}: ${printed}`);
  return JSON.parse(printed) as Found;
}
