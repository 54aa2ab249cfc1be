import type { RecoveryOutcome } from '../../../machines/contract.ts';
import { errorCodes } from '../../errors.ts';
import { commandReasons, policyReasons, reasons, stopReasons } from '../../rules/protocol.ts';
import { illnesses } from '../see/doctor/illnesses.ts';
import { happenings } from '../see/history/event.ts';

// The compiler holds them to the type.
const outcomes: Record<RecoveryOutcome, true> = {
  dropped: true,
  completed: true,
  restored: true,
  finished: true,
  undone: true,
  quarantined: true,
  copy_ended: true,
};

const words: ReadonlySet<string> = new Set([
  ...Object.values({ ...reasons, ...policyReasons, ...commandReasons, ...stopReasons }),
  ...Object.keys(outcomes),
  ...Object.keys(happenings),
  ...Object.keys(illnesses),
  ...errorCodes,
]);

/** Codes of the operating system. */
const osCode = /^E[A-Z0-9]{2,14}$/;
/** Ids of transfers, which we make at random. */
const transferId = /^[a-z0-9]{1,12}-[a-z0-9]{8}$/;

/**
 * A word of a line that anybody may have written, if it is one of ours.
 *
 * @param word - the word
 * @returns `other` for one that is not; null for none
 */
export const knownWord = (word: string | null): string | null =>
  word === null || words.has(word) || osCode.test(word) ? word : 'other';

/**
 * {@link knownWord} for the id of a transfer.
 *
 * @param id - the id
 */
export const knownTransfer = (id: string | null): string | null => (id === null || transferId.test(id) ? id : 'other');
