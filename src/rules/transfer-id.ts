import { isSessionId } from './session-id.ts';

/** The parts of a transfer id that can be known without reading its receipt. */
export interface TransferTags {
  /** Tag of the prior session. */
  readonly source: string;
  /** Tag of the session that was current. */
  readonly target: string;
}

/**
 * A short tag of a session id, for receipt names: tells cheaply which receipts cannot matter. Two ids may share one,
 * so a receipt's content decides.
 *
 * @param id - a session id
 * @returns 10 characters of base 36
 */
export function sessionTag(id: string): string {
  // FNV-1a with two offsets; node:crypto would cost a hook call its load time.
  const hash = (offset: number): number => {
    let value = offset;
    for (let index = 0; index < id.length; index += 1) value = Math.imul(value ^ id.charCodeAt(index), 0x01000193);
    return value >>> 0;
  };
  return (hash(0x811c9dc5).toString(36).padStart(7, '0') + hash(0x1b873593).toString(36).padStart(7, '0')).slice(-10);
}

/**
 * Makes the id of a transfer: when, from where, to where, and a random end. It matches the session id pattern.
 *
 * @param sourceId - id of the prior session
 * @param targetId - id of the current session
 * @param epochMs - when, milliseconds
 * @param random - a number from 0 to below 1
 */
export function makeTransferId(sourceId: string, targetId: string, epochMs: number, random: number): string {
  const end = Math.floor(random * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
  return `${epochMs.toString(36)}-${sessionTag(sourceId)}-${sessionTag(targetId)}-${end}`;
}

/**
 * Reads the tags back from a transfer id.
 *
 * @param transferId - an id, perhaps of another program's making
 * @returns undefined where it is no id of {@link makeTransferId}
 */
export function transferTags(transferId: string): TransferTags | undefined {
  if (!isSessionId(transferId)) return undefined;
  const parts = transferId.split('-');
  const [, source, target] = parts;
  return parts.length === 4 && source && target ? { source, target } : undefined;
}
