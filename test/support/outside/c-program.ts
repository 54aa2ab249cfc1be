/** Small programs in C for what Node cannot do; each is compiled where it is used. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** Name of a source beside this file. */
export type ProgramName = 'exchange' | 'restrict' | 'step';

/** A compiled program. */
export interface CProgram {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * Compiles a program with gcc to a place that every user of the machine may read.
 *
 * @param name - its source
 */
export function compile(name: ProgramName): CProgram {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'forge-c-'));
  fs.chmodSync(folder, 0o755);
  const path = join(folder, name);
  const kind = name === 'step' ? ['-shared', '-fPIC', '-ldl'] : [];
  execFileSync('gcc', ['-O2', '-w', '-o', path, join(import.meta.dirname, `${name}.c`), ...kind], { stdio: 'pipe' });
  return { path, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Compiles a program for all tests of a file.
 *
 * @param name - its source
 * @returns a function that gives its path once the tests run
 */
export function useProgram(name: ProgramName): () => string {
  let program: CProgram | undefined;
  beforeAll(() => {
    program = compile(name);
  });
  afterAll(() => program?.remove());
  return () => program?.path ?? '';
}
