import { sep } from 'node:path';
import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { createAt, inOwn, readAt } from './place.ts';

/** More contents of one session in one call than there can be. */
const mostOfOneName = 100;

/**
 * Keeps bytes before they are replaced or removed (src/store/file/README.md#promise-2-nothing-lost-nothing-mixed), as
 * `quarantine/<time>-<session>-<transferId>`; the same ones once, however often it is asked for.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function quarantine(call: Call, session: string, transferId: string, bytes: Buffer): void {
  const base = `${call.now.replaceAll(/[:.]/g, '-')}-${session}-${transferId}`;
  for (let count = 1; count < mostOfOneName; count += 1) {
    const place = inOwn(protocol.files.quarantineFolder, count === 1 ? base : `${base}.${count}`);
    const there = readAt(call, place, protocol.limits.journalBytes);
    if (there.kind === 'file' && there.bytes.equals(bytes)) return;
    if (there.kind !== 'file' && createAt(call, place, bytes)) return;
  }
  throw new ForgeResumeError(
    'IO',
    `no name is left in ${call.paths.own}${sep}${protocol.files.quarantineFolder} for what ${session} held`,
  );
}
