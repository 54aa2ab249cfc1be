import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { createOwn, readOwn } from './own-file.ts';

const folder = protocol.files.quarantineFolder;
/** More contents of one session in one call than there can be. */
const mostOfOneName = 100;

/**
 * Keeps bytes before they are replaced or removed (src/store/file/README.md#promise-2-nothing-lost-nothing-mixed), as
 * `quarantine/<time>-<session>-<transferId>`.
 *
 * @param call - a call that holds the lock
 * @param session - whose they are
 * @param transferId - the transfer that they belong to
 * @param bytes - what is kept; once, however often it is asked for
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function quarantine(call: Call, session: string, transferId: string, bytes: Buffer): void {
  const base = `${call.now.replaceAll(/[:.]/g, '-')}-${session}-${transferId}`;
  for (let count = 1; count < mostOfOneName; count += 1) {
    const file = { folder, name: count === 1 ? base : `${base}.${count}` };
    const there = readOwn(call, file, protocol.limits.journalBytes);
    if (there.kind === 'file' && there.bytes.equals(bytes)) return;
    if (there.kind !== 'file' && createOwn(call, file, bytes)) return;
  }
  throw new ForgeResumeError('IO', `no name is left for what ${session} held`);
}
