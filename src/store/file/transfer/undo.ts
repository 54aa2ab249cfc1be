import type { RecoveryOutcome } from '../../../../machines/contract.ts';
import { takeTurn } from '../../../rules/carry-over.ts';
import { iterationOf } from '../../../rules/forge-state.ts';
import { type Journal, restoreBytes, runIn } from '../../../rules/journal.ts';
import { isRunOf } from '../../../rules/recovery.ts';
import { keeps, leftBehind, sights } from '../../../rules/trail.ts';
import type { JsonContent } from '../files/json-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Call } from './call.ts';
import { carryInto } from './carry.ts';
import { removeCompanions } from './companions.ts';
import { addToHistory, historyOf } from './history.ts';
import { removeJournal } from './journal-file.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { formatRun, putBack, readRun, syncSession } from './run-file.ts';
import { asAdvice, readTrail, writeTrails } from './trail-file.ts';
import { removeAt, replaceAt } from './write-at.ts';

const maxTries = 10;

/**
 * Takes a transfer back whose source is the run (src/store/file/README.md#undo): both trails, what the target had done
 * carried back, the target removed or what stood there at home put back, then the journal goes.
 *
 * @param call - a call that holds the lock
 * @param journal - the transfer
 * @param recovery - what a later call makes of it; absent where it is the call's own
 * @returns false where the target kept changing or cannot be read; the journal must then stay
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function undoTransfer(call: Call, journal: Journal, recovery?: RecoveryOutcome): Promise<boolean> {
  const { source, target, transferId, at, startedAt } = journal;
  const before = journal.targetBefore === null ? undefined : restoreBytes(journal.targetBefore);
  // With the target's trail alone a target that comes back to life would never be found.
  const entry = {
    session: target,
    transferId,
    at,
    companions: {},
    seen: before === undefined ? sights.absent : sights.unknown,
  };
  await writeTrails(
    call,
    { of: target, trail: leftBehind(source, before && sha256(before)) },
    { of: source, trail: keeps(readTrail(call, source), source, startedAt, entry) },
  );
  if (!(await takeBack(call, journal, before))) return false;
  await removeCompanions(call, journal);
  syncSession(call, target);
  await asAdvice(call, 'the history', () =>
    addToHistory(call, historyOf(call, journal, journal, { outcome: 'undone', recovery })),
  );
  removeJournal(call, journal);
  return true;
}

async function takeBack(call: Call, journal: Journal, before: Buffer | undefined): Promise<boolean> {
  const { source, target, transferId } = journal;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const now = await readRun(call, target);
    if (now.kind === 'unreadable') return false;
    if (now.kind === 'absent' || !isRunOf(journal, now.value)) return true;
    if (before !== undefined && now.file.bytes.equals(before)) return true;
    if (!(await carryBack(call, journal, now))) continue;
    const replaced =
      before === undefined
        ? await removeAt(call, inSession(target), now.file)
        : await replaceAt(call, inSession(target), now.file, before);
    if (replaced.kind === 'changed') continue;
    const { late } = replaced;
    const started = late && runIn(late);
    if (late && started && !isRunOf(journal, started)) await putBack(call, target, late, before);
    else if (late) {
      quarantine(call, target, transferId, late);
      await carryInto(call, { session: target, bytes: late, moved: true }, { id: source }, transferId);
    }
    if (replaced.syncError !== undefined) throw replaced.syncError;
    return true;
  }
  return false;
}

/** The target's turn goes back if it is higher, whether it moved or not; else, if it moved, to quarantine. */
async function carryBack(call: Call, journal: Journal, target: JsonContent): Promise<boolean> {
  const { source, transferId } = journal;
  const bytes = target.file.bytes;
  const moved = !bytes.equals(restoreBytes(journal.targetAfter));
  const [kept, found] = [await readRun(call, source), runIn(bytes)];
  const isRun = kept.kind === 'json' && isRunOf(journal, kept.value);
  const higher =
    isRun && found !== undefined && (iterationOf(found) ?? -Infinity) > (iterationOf(kept.value) ?? Infinity);
  if (moved || higher) quarantine(call, journal.target, transferId, bytes);
  if (!higher || found === undefined || kept.kind !== 'json' || !isRunOf(journal, kept.value)) return true;
  if (sha256(kept.file.bytes) !== journal.sourceBefore) quarantine(call, source, transferId, kept.file.bytes);
  const next = formatRun(takeTurn(kept.value, found), call.paths.run(source));
  const replaced = await replaceAt(call, inSession(source), kept.file, next);
  if (replaced.kind === 'changed') return false;
  if (replaced.late !== undefined) {
    const late = { session: source, bytes: replaced.late, moved: true };
    await carryInto(call, late, { id: source, known: next }, transferId);
  }
  if (replaced.syncError !== undefined) throw replaced.syncError;
  return true;
}
