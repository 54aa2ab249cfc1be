import type { ForgeState } from './forge-state.ts';

/** Version of the journal and receipt format that this release writes. */
export const journalVersion = 1;

/** Bytes as a journal keeps them: text where they are valid UTF-8, base64 where not. */
export type StoredBytes = { readonly utf8: string } | { readonly base64: string };

/** How a transfer ended; a receipt without an outcome was committed. */
export type ReceiptOutcome = 'committed' | 'rolled_back';

/** All that recovery needs to finish or undo a transfer (protocol.md, "Transfer", step 1). */
export interface Journal {
  readonly version: typeof journalVersion;
  readonly transferId: string;
  /** Session that the run moves to. */
  readonly currentId: string;
  /** Session that the run moves from. */
  readonly priorId: string;
  /** The instant of the call, ISO 8601. */
  readonly createdAt: string;
  readonly target: { readonly before: null; readonly after: StoredBytes };
  readonly source: { readonly before: StoredBytes; readonly mode: number; readonly after: StoredBytes };
  /** Only on receipts of transfers that were rolled back. */
  readonly outcome?: ReceiptOutcome;
  /** Set by whoever re-activates a run by hand; the receipt then ends nothing any more. */
  readonly voided?: boolean;
}

/**
 * Bytes in the form in which a journal keeps them.
 *
 * @param bytes - a file's content
 */
export function storeBytes(bytes: Buffer): StoredBytes {
  const utf8 = bytes.toString('utf8');
  return Buffer.from(utf8, 'utf8').equals(bytes) ? { utf8 } : { base64: bytes.toString('base64') };
}

/**
 * The bytes that a journal keeps.
 *
 * @param stored - what {@link storeBytes} returned
 */
export function restoreBytes(stored: StoredBytes): Buffer {
  return 'utf8' in stored ? Buffer.from(stored.utf8, 'utf8') : Buffer.from(stored.base64, 'base64');
}

/**
 * The run that a journal keeps.
 *
 * @param stored - what {@link storeBytes} returned
 * @returns undefined where the bytes hold no run
 */
export function restoreRun(stored: StoredBytes): ForgeState | undefined {
  try {
    const value: unknown = JSON.parse(restoreBytes(stored).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ForgeState) : undefined;
  } catch {
    return undefined;
  }
}
