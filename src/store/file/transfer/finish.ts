import type { RecoveryOutcome } from '../../../../machines/contract.ts';
import type { Journal } from '../../../rules/journal.ts';
import { isKeeper, keeps, leftBehind, sights } from '../../../rules/trail.ts';
import type { JsonRead } from '../files/json-file.ts';
import { sha256 } from '../files/sha256.ts';
import { sightOf } from '../files/state-file.ts';
import type { Call, EndedSource } from './call.ts';
import { addToHistory, historyOf } from './history.ts';
import { removeJournal } from './journal-file.ts';
import { asAdvice, readTrail, writeTrails } from './trail-file.ts';

/**
 * Ends a transfer whose runs are as they should be: both trails, the keeper's first, a line of history, then the
 * journal goes (src/store/file/README.md#transfer, step 6).
 *
 * @param call - a call that holds the lock
 * @param journal - the transfer
 * @param ended - what is known of the ended source
 * @param recovery - what a later call makes of it; absent where it is the call's own
 * @throws ForgeResumeError `IO`, `LOCK_LOST` where the journal stays
 */
export async function finishTransfer(
  call: Call,
  journal: Journal,
  ended: EndedSource,
  recovery?: RecoveryOutcome,
): Promise<void> {
  const { source, target, transferId } = journal;
  const own = readTrail(call, target);
  // After a kill the source's trail is no longer a keeper's: written again, the chain would be cut.
  const isNoted = isKeeper(own) && own.left.some((entry) => entry.transferId === transferId);
  const entry = { session: source, transferId, at: journal.at, companions: companionsOf(journal), seen: ended.seen };
  const keeper = { of: target, trail: keeps(readTrail(call, source), target, journal.startedAt, entry) };
  await writeTrails(call, ...(isNoted ? [] : [keeper]), { of: source, trail: leftBehind(target, ended.sha256) });
  await asAdvice(call, 'the history', () =>
    addToHistory(call, historyOf(call, journal, journal, { outcome: 'committed', recovery })),
  );
  removeJournal(call, journal);
}

/**
 * What recovery knows of a source that somebody ended or took away.
 *
 * @param found - the source's file
 * @param byUs - whether it was ended by a hand-over
 */
export function endedAsFound(found: JsonRead, byUs: boolean): EndedSource {
  if (found.kind === 'absent') return { seen: sights.absent };
  if (found.kind !== 'json' || !byUs) return { seen: sights.unknown };
  return { seen: sightOf(found.file.stat), sha256: sha256(found.file.bytes) };
}

/** The companions that went with a run, as trails note them. */
export const companionsOf = ({ companions }: Journal): Readonly<Record<string, string>> =>
  Object.fromEntries(companions.map(({ name, sha256: hash }) => [name, hash]));
