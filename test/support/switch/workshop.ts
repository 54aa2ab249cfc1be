import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url).pathname;
const root = path.resolve(here, '../../..');

/** The compiled parts that a switched process needs. */
export interface Workshop {
  /** The shared library for LD_PRELOAD. */
  readonly library: string;
  /** The bundled child program. */
  readonly child: string;
  /** Removes both. */
  close(): void;
}

/** Which implementation a child calls. */
export type Implementation = 'library' | 'plain' | 'doctor';

/**
 * Compiles the switch with gcc and bundles one child program.
 *
 * @param implementation - `library` for src/call/reconcile.ts, `plain` for the deliberately weak one,
 *   `doctor` for what `doctor --fix` does
 */
export async function openWorkshop(implementation: Implementation): Promise<Workshop> {
  // Below node_modules, so that the bundle resolves packages and native addons as the sources do.
  const cache = path.join(root, 'node_modules', '.cache');
  fs.mkdirSync(cache, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cache, 'switch-'));
  const library = path.join(folder, 'switch.so');
  const child = path.join(folder, 'child.mjs');
  const sources = ['switch.c', 'calls.c'].map((name) => path.join(here, name));
  execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, ...sources, '-ldl'], { stdio: 'pipe' });
  await build({
    entryPoints: [path.join(here, '..', 'child', `${implementation}-child.ts`)],
    outfile: child,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  return { library, child, close: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** A folder for state directories, in memory where the host has one (no disk is asked to sync thousands of times). */
export function scratchFolder(): string {
  const memory = '/dev/shm';
  const base = fs.existsSync(memory) ? memory : fs.realpathSync(os.tmpdir());
  return fs.mkdtempSync(path.join(base, 'forge-crash-'));
}
