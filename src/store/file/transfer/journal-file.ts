import { ForgeResumeError } from '../../../errors.ts';
import { type Journal, type JournalSides, journalName, journalSides } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { asText } from '../../../rules/text.ts';
import { attempt } from '../files/io.ts';
import { tempName } from '../files/temp-name.ts';
import type { Call } from './call.ts';
import { clearAt, rmdirAt, unlinkAt } from './clear-at.ts';
import { inOwn, type Place } from './place.ts';
import { namesAt, readAt } from './read-at.ts';
import { makeOwn } from './sync-at.ts';
import { createAt } from './write-at.ts';

const folder = inOwn(protocol.files.journalFolder);

/** What stands where a journal would. */
export type JournalRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'journal'; readonly journal: Journal }
  | { readonly kind: 'broken'; readonly bytes: Buffer };

const placeOf = ({ source, target }: JournalSides): Place => [...folder, journalName(source, target)];

/** Where a journal stands, in plain words. */
export const journalPath = (call: Call, { source, target }: JournalSides): string =>
  `${call.paths.journals}/${journalName(source, target)}`;

/** The transfers that earlier calls left unfinished, by name alone; what dead calls left beside them goes. */
export function listJournals(call: Call): readonly JournalSides[] {
  return namesAt(call, folder, protocol.limits.journalNames).flatMap((name) => {
    const sides = journalSides(name);
    if (sides !== undefined) return [sides];
    const left = journalSides(name.slice(1, -protocol.files.ownFolder.length));
    if (left !== undefined && name === tempName(journalName(left.source, left.target)))
      clearAt(call, folder, journalName(left.source, left.target));
    return [];
  });
}

/** Whether a transfer is one of a session's. */
export const concerns = ({ source, target }: JournalSides, id: string): boolean => source === id || target === id;

/**
 * Reads a journal.
 *
 * @throws ForgeResumeError `JOURNAL_VERSION`, `STATE_UNSAFE` where it is no regular file or too large
 */
export async function readJournal(call: Call, sides: JournalSides): Promise<JournalRead> {
  const read = readAt(call, placeOf(sides), protocol.limits.journalBytes);
  if (read.kind === 'absent') return { kind: 'none' };
  const path = journalPath(call, sides);
  if (read.kind === 'unreadable') throw new ForgeResumeError('STATE_UNSAFE', `${path} cannot be read safely`);
  // The schema library is loaded only where there is something to judge.
  const { judgeJournal } = await import('../../../rules/journal-schema.ts');
  const verdict = judgeJournal(read.bytes.toString('utf8'), sides);
  if (verdict.kind === 'broken') return { kind: 'broken', bytes: read.bytes };
  if (verdict.kind === 'journal') return verdict;
  const version = asText(verdict.version).slice(0, 40);
  throw new ForgeResumeError('JOURNAL_VERSION', `${path} has version ${version}, which this release does not know`);
}

/**
 * Writes a journal durably, where there is none.
 *
 * @throws ForgeResumeError `LOCK_LOST` where somebody else's stands there, `STATE_UNSAFE`, `IO`
 */
export function createJournal(call: Call, journal: Journal): void {
  const bytes = Buffer.from(JSON.stringify(journal));
  if (bytes.length > protocol.limits.journalBytes) {
    throw new ForgeResumeError(
      'STATE_UNSAFE',
      `the run is too large to be handed over safely: ${journalPath(call, journal)} would not be read again`,
    );
  }
  let isNew = true;
  try {
    // The trails follow: one sync for both folders.
    makeOwn(call, protocol.files.trailFolder, protocol.files.journalFolder);
    isNew = createAt(call, placeOf(journal), bytes);
  } catch (error) {
    // Linked, but not made durable: nothing has been written that it is for.
    attempt(() => removeJournal(call, journal));
    throw error;
  }
  if (!isNew)
    throw new ForgeResumeError(
      'LOCK_LOST',
      `${journalPath(call, journal)} was begun by another call while the lock was held`,
    );
}

/**
 * Removes a journal that is settled; the folder goes with the last one, so that a look has nothing to list.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function removeJournal(call: Call, sides: JournalSides): void {
  unlinkAt(call, placeOf(sides));
  rmdirAt(call, folder);
}
