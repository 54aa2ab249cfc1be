import type { ProcessFacts } from '../../../rules/session-record.ts';
import { attempt } from './io.ts';
import { readFileSync } from './node-fs.ts';

const linux = process.platform === 'linux';

/**
 * What rule 2 (src/rules/README.md#rule-2-current-session) asks of a process; there, no permission counts as dead.
 *
 * @param pid - a positive integer
 */
export function processFacts(pid: number): ProcessFacts {
  const alive = answersSignal(pid);
  if (!alive || !linux) return { alive, startTicks: undefined, cmdline: undefined, linux };
  return {
    alive,
    startTicks: statOf(pid)?.startTicks,
    cmdline: attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
    linux,
  };
}

function answersSignal(pid: number): boolean {
  return attempt(() => process.kill(pid, 0)) ?? false;
}

/** State and start time of a process; undefined where `/proc` does not tell. */
export function statOf(pid: number | 'self'): { state: string; startTicks: number } | undefined {
  if (!linux) return undefined;
  const text = readText(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  // Field 2 is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: Number(fields[19]) };
}

/** A small text file, trimmed; empty where it cannot be read. */
export function readText(path: string): string {
  return attempt(() => readFileSync(path, 'utf8'))?.trim() ?? '';
}
