/** Real processes for the tests that need one; none outlives its test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A sleeping process and what `/proc` says about it. */
export interface LiveProcess {
  readonly pid: number;
  /** Field 22 of `/proc/<pid>/stat`. */
  readonly startTicks: number;
  readonly child: ChildProcess;
}

/** Starts a process that sleeps until the test is over, with the command line `<argv0> 300`. */
export function liveProcess(options: { readonly argv0?: string; readonly program?: string } = {}): LiveProcess {
  const child = spawn(options.program ?? 'sleep', ['300'], { stdio: 'ignore', argv0: options.argv0 ?? 'sleep' });
  onTestFinished(() => endProcess(child));
  const pid = child.pid ?? 0;
  return { pid, startTicks: startTicksOf(pid), child };
}

/** Starts a process whose short name, as `/proc/<pid>/stat` shows it in brackets, is `name`. */
export function processNamed(name: string, folder: string): LiveProcess {
  const program = join(folder, name);
  copyFileSync('/bin/sleep', program);
  return liveProcess({ program });
}

/** Ends a process and waits for it, so that its pid is free. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A pid that belonged to a process which has ended and was waited for. */
export async function deadPid(): Promise<number> {
  const child = spawn('true', { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** Field 22 of `/proc/<pid>/stat`: what follows the short name's last bracket starts with field 3. */
export function startTicksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}
