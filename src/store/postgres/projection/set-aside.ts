import { protocol } from '../../../rules/protocol.ts';
import type { Call as FileCall } from '../../file/transfer/call.ts';
import { clearAt } from '../../file/transfer/clear-at.ts';
import { inOwn } from '../../file/transfer/place.ts';
import { keep } from '../../file/transfer/quarantine.ts';

/** What gives way on a host. */
export interface GivenWay {
  readonly session: string;
  /** The transfer because of which, if one is known; `end`: a person's wish. */
  readonly transferId?: string | null | undefined;
  /** When it was written, epoch milliseconds: whoever is killed and does this again keeps it once. */
  readonly atMs: number;
  readonly bytes: Buffer;
}

/**
 * Keeps bytes in quarantine before they are replaced (src/store/file/README.md#promise-2-nothing-lost-nothing-mixed).
 *
 * @param call - a call on the host's files that holds their lock
 * @param given - what gives way
 * @returns where
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function setAside(call: FileCall, { session, transferId, atMs, bytes }: GivenWay): string {
  const at = new Date(Math.floor(atMs)).toISOString().replaceAll(/[:.]/g, '-');
  const name = `${at}-${session}-${transferId ?? 'projection'}`;
  clearAt(call, inOwn(protocol.files.quarantineFolder), name);
  return keep(call, name, bytes);
}
