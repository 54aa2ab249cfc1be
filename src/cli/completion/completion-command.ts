import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { output, writeText } from '../write-line.ts';
import { candidatesFor } from './candidates.ts';
import { scripts } from './scripts.ts';

/** Shells that can complete our command line. */
export type Shell = keyof typeof scripts;

/** Names of {@link Shell}. */
export const shells = Object.keys(scripts) as Shell[];

/**
 * Prints a shell's script (`forge-resume completion bash`), or, asked by that script, what may stand at the cursor: a line
 * each, the meaning behind a tab; `:files` where a path may.
 *
 * @param program - all commands
 * @param shell - which one
 * @param words - the words behind the program's name up to the cursor; none: the script is wanted
 * @returns the exit code
 */
export function completionCommand(program: Command, shell: Shell, words: readonly string[]): number {
  if (words.length === 0) writeText(output.stdout, scripts[shell]);
  else writeText(output.stdout, linesOf(program, words).join(''));
  return exitCodes.ok;
}

function linesOf(program: Command, words: readonly string[]): string[] {
  const candidates = candidatesFor(program, words);
  if (candidates === 'files') return [':files\n'];
  return candidates.map(([value, meaning]) => `${printable(value)}\t${printable(meaning)}\n`);
}
