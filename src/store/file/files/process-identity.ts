import { hostname } from 'node:os';
import fs from 'fs-extra';
import type { LockToken, ProcessIdentity } from '../../../rules/lock-token.ts';
import type { ProcessFacts } from '../../../rules/session-record.ts';
import { attempt, osCode } from './io.ts';

const linux = process.platform === 'linux';
/** `USER_HZ`, the unit of process start times in `/proc`; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
/** Start times are whole ticks from a whole second of boot: less than this apart is the same time. */
const startSlackMs = 2_000;
const unknown = '-';

let me: ProcessIdentity | undefined;

/** This process, looked up once. */
export function processIdentity(): ProcessIdentity {
  me ??= {
    pid: process.pid,
    host: (readText('/proc/sys/kernel/hostname') || hostname()).replace(/\s+/g, '_') || unknown,
    bootId: readText('/proc/sys/kernel/random/boot_id') || unknown,
    pidNamespace: (linux && attempt(() => fs.readlinkSync('/proc/self/ns/pid'))) || unknown,
    startTicks: String(statOf('self')?.startTicks ?? unknown),
  };
  return me;
}

/**
 * Whether the process that wrote a token still runs on this host. Zombies are dead, no permission means alive.
 *
 * @param token - a token of this host and pid namespace
 */
export function isHolderAlive(token: LockToken): boolean {
  if (!linux) return answersSignal(token.pid, true);
  const stat = statOf(token.pid);
  if (stat === undefined) return answersSignal(token.pid, true);
  if (stat.state === 'Z' || stat.state === 'X') return false;
  const startTicks = token.holder?.startTicks;
  if (startTicks !== undefined) return startTicks === String(stat.startTicks);
  const bootedAt = bootTimeMs();
  if (bootedAt === undefined) return true;
  return bootedAt + (stat.startTicks / ticksPerSecond) * 1_000 <= token.epochMs + startSlackMs;
}

/**
 * What rule 2 asks of a process; there, no permission counts as dead.
 *
 * @param pid - a positive integer
 */
export function processFacts(pid: number): ProcessFacts {
  const alive = answersSignal(pid, false);
  if (!alive || !linux) return { alive, startTicks: undefined, cmdline: undefined, linux };
  return {
    alive,
    startTicks: statOf(pid)?.startTicks,
    cmdline: attempt(() => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
    linux,
  };
}

function answersSignal(pid: number, ifForbidden: boolean): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return osCode(error) === 'EPERM' && ifForbidden;
  }
}

function statOf(pid: number | 'self'): { state: string; startTicks: number } | undefined {
  if (!linux) return undefined;
  const text = readText(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  // Field 2 is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: Number(fields[19]) };
}

function bootTimeMs(): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(readText('/proc/stat'))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

function readText(path: string): string {
  return attempt(() => fs.readFileSync(path, 'utf8'))?.trim() ?? '';
}
