import fs from 'node:fs';
import type { LockHolder, ProcessIdentity } from '../../../rules/lock-token.ts';
import { attempt } from './io.ts';
import { readText, statOf } from './process-facts.ts';

const unknown = '-';

let me: ProcessIdentity | undefined;

/** This process, looked up once. */
export function processIdentity(): ProcessIdentity {
  me ??= {
    pid: process.pid,
    bootId: readText('/proc/sys/kernel/random/boot_id') || unknown,
    pidNamespace: attempt(() => fs.readlinkSync('/proc/self/ns/pid')) ?? unknown,
    startTicks: String(statOf('self')?.startTicks ?? unknown),
  };
  return me;
}

/**
 * Whether a lock's holder stands still, by a signal or a debugger, and may go on at any moment.
 *
 * @param holder - of whom the token tells
 */
export function isStopped(holder: LockHolder): boolean {
  const { bootId, pidNamespace } = processIdentity();
  if (holder.bootId !== bootId || holder.pidNamespace !== pidNamespace) return false;
  const stat = statOf(holder.pid);
  return stat !== undefined && /^[Tt]$/.test(stat.state) && String(stat.startTicks) === holder.startTicks;
}
