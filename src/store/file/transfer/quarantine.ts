import { sep } from 'node:path';
import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { inOwn } from './place.ts';
import { readAt } from './read-at.ts';
import { createAt } from './write-at.ts';

const { quarantineFolder } = protocol.files;
/** More contents under one name than there can be. */
const mostOfOneName = 100;

/**
 * Keeps bytes before they are replaced or removed (src/store/file/README.md#promise-2-nothing-lost-nothing-mixed), as
 * `quarantine/<time>-<session>-<transferId>`.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function quarantine(call: Call, session: string, transferId: string, bytes: Buffer): void {
  keep(call, `${call.now.replaceAll(/[:.]/g, '-')}-${session}-${transferId}`, bytes);
}

/**
 * Keeps bytes in quarantine; the same ones once, however often it is asked for.
 *
 * @param call - a call that holds the lock
 * @param name - under which name
 * @param bytes - what
 * @param mode - permission bits; default those of our files
 * @returns where
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function keep(call: Call, name: string, bytes: Buffer, mode?: number): string {
  const folder = [call.paths.own, quarantineFolder].join(sep);
  for (let count = 1; count < mostOfOneName; count += 1) {
    const free = count === 1 ? name : `${name}.${count}`;
    const place = inOwn(quarantineFolder, free);
    const there = readAt(call, place, protocol.limits.journalBytes);
    if (
      there.kind === 'file'
        ? there.bytes.equals(bytes)
        : createAt(call, place, bytes, mode === undefined ? {} : { mode })
    )
      return folder + sep + free;
  }
  throw new ForgeResumeError('IO', `no name is left in ${folder} for ${name}`);
}
