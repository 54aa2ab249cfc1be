import { hostname } from 'node:os';
import fs from 'fs-extra';
import type { LockToken, ProcessIdentity } from '../../../rules/lock-token.ts';
import { attempt } from './io.ts';
import { answersSignal, readText, statOf } from './process-facts.ts';

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

function bootTimeMs(): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(readText('/proc/stat'))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
