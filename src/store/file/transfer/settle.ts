import { setTimeout as pause } from 'node:timers/promises';
import type { Recovery, RecoveryOutcome } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type Journal, type JournalSides, restoreBytes } from '../../../rules/journal.ts';
import { isActiveMatch, type PayloadIdentity } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { judgeSource, judgeTarget, type RecoveryAction, recoveryAction } from '../../../rules/recovery.ts';
import type { JsonContent, JsonRead } from '../files/json-file.ts';
import { monotonicMs } from '../files/monotonic.ts';
import { sha256 } from '../files/sha256.ts';
import type { Call } from './call.ts';
import { carryInto } from './carry.ts';
import { removeCompanions } from './companions.ts';
import { endRun } from './end-run.ts';
import { endedAsFound, finishTransfer } from './finish.ts';
import { addToHistory, historyOf } from './history.ts';
import { journalPath, readJournal, removeJournal } from './journal-file.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { clearSession, foundRun, readRun, syncSession, unchangedMs } from './run-file.ts';
import { asAdvice, clearTrail } from './trail-file.ts';
import { undoTransfer } from './undo.ts';
import { createAt, replaceAt } from './write-at.ts';

const { unreadableOldMs, keepMs, tornRetryMs } = protocol.limits;
const maxTries = 10;

/** On whose behalf a journal is settled. */
export type Settler =
  /** The call that wrote it, before the commit point; `ineligible` where the source stopped matching. */
  | { readonly kind: 'rollback'; readonly ineligible: boolean }
  /** A call from a session, which waits a little for what it cannot read. */
  | { readonly kind: 'caller'; readonly currentId: string; readonly identity: PayloadIdentity }
  /** A call that has nothing to do with it. */
  | { readonly kind: 'bystander' };

/** What became of a journal. */
export type Settled =
  | { readonly kind: 'none' }
  | { readonly kind: 'settled'; readonly recovery: Recovery }
  /** It stays; the error is for calls that its sessions concern. */
  | { readonly kind: 'kept'; readonly error: ForgeResumeError };

/**
 * Settles an unfinished transfer (src/store/file/README.md#recovery): each by itself, whatever becomes of others.
 *
 * @param call - a call that holds the lock
 * @param sides - the sessions that it is about
 * @param settler - on whose behalf
 * @throws ForgeResumeError `LOCK_LOST`
 */
export async function settleJournal(call: Call, sides: JournalSides, settler: Settler): Promise<Settled> {
  try {
    const read = await readJournal(call, sides);
    if (read.kind === 'none') return read;
    const journal = read.kind === 'journal' ? read.journal : undefined;
    const transferId = journal?.transferId ?? 'unknown';
    const bytes = read.kind === 'broken' ? read.bytes : Buffer.from(JSON.stringify(journal));
    const outcome = journal === undefined ? 'quarantined' : await settle(call, journal, settler);
    if (outcome === 'kept') return { kind: 'kept', error: blocked(call, sides) };
    if (outcome === 'quarantined') {
      quarantine(call, sides.source, transferId, bytes);
      const line = historyOf(call, sides, journal ?? { transferId }, {
        outcome,
        recovery: recoveryBy(settler, outcome),
      });
      await asAdvice(call, 'the history', () => addToHistory(call, line));
      removeJournal(call, sides);
    }
    return { kind: 'settled', recovery: { transferId, outcome } };
  } catch (error) {
    const code = error instanceof ForgeResumeError ? error.code : undefined;
    if (code === 'LOCK_LOST') throw error;
    return {
      kind: 'kept',
      error: code === 'JOURNAL_VERSION' ? (error as ForgeResumeError) : blocked(call, sides, error),
    };
  }
}

/** A call's own transfer is not one that it found unfinished. */
const recoveryBy = ({ kind }: Settler, outcome: RecoveryOutcome): RecoveryOutcome | undefined =>
  kind === 'rollback' ? undefined : outcome;

function blocked(call: Call, sides: JournalSides, cause?: unknown): ForgeResumeError {
  const path = journalPath(call, sides);
  return new ForgeResumeError(
    'RECOVERY_BLOCKED',
    `${path} records an unfinished transfer that cannot be settled; mend or remove the run files that it is about`,
    cause,
  );
}

async function settle(call: Call, journal: Journal, settler: Settler): Promise<RecoveryOutcome | 'kept'> {
  for (const id of [journal.source, journal.target]) {
    clearSession(call, id);
    clearTrail(call, id);
  }
  for (let tries = 0; tries < maxTries; tries += 1) {
    const [target, source] = await readBoth(call, journal, settler);
    const outcome = await act(call, journal, target, source, {
      action: choose(call, journal, target, source, settler),
      settler,
    });
    if (outcome !== 'again') return outcome;
  }
  return 'kept';
}

/** Reads both runs; one that cannot be read gets a moment to become readable, once a call. */
async function readBoth(call: Call, journal: Journal, settler: Settler): Promise<readonly [JsonRead, JsonRead]> {
  for (;;) {
    const target = await readRun(call, journal.target);
    const source = await readRun(call, journal.source);
    const isReadable = target.kind !== 'unreadable' && source.kind !== 'unreadable';
    if (isReadable || settler.kind === 'bystander' || !isPatient(call)) return [target, source];
    await pause(tornRetryMs);
  }
}

/**
 * Whether a call may still wait for what it cannot read.
 *
 * @param call - the call
 */
export function isPatient(call: Call): boolean {
  call.memory.patientUntil ??= monotonicMs() + keepMs;
  return monotonicMs() < call.memory.patientUntil;
}

function choose(call: Call, journal: Journal, target: JsonRead, source: JsonRead, settler: Settler): RecoveryAction {
  const row = judgeTarget(journal, foundRun(target));
  const column = judgeSource(journal, foundRun(source));
  if (settler.kind === 'rollback' && settler.ineligible && row === 'ours' && source.kind === 'json') return 'undo';
  const unreadable = [
    ...(row === 'unreadable' ? [journal.target] : []),
    ...(column === 'unreadable' ? [journal.source] : []),
  ];
  const sourceMoved = source.kind === 'json' && sha256(source.file.bytes) !== journal.sourceBefore;
  const targetMoved = target.kind === 'json' && !target.file.bytes.equals(restoreBytes(journal.targetAfter));
  return recoveryAction(row, column, {
    old: settler.kind !== 'rollback' && unreadable.every((id) => unchangedMs(call, id) > unreadableOldMs),
    syncs: row === 'before' && column === 'endedByUs' && syncSession(call, journal.target),
    callerIsSource:
      settler.kind === 'rollback' || (isSource(journal, source, settler) && (sourceMoved || !targetMoved)),
    sourceMoved,
  });
}

const isSource = (journal: Journal, source: JsonRead, settler: Settler): boolean =>
  settler.kind === 'caller' &&
  settler.currentId === journal.source &&
  source.kind === 'json' &&
  isActiveMatch(source.value, settler.identity);

async function act(
  call: Call,
  journal: Journal,
  target: JsonRead,
  source: JsonRead,
  { action, settler }: { readonly action: RecoveryAction; readonly settler: Settler },
): Promise<RecoveryOutcome | 'kept' | 'again'> {
  switch (action) {
    case 'keep':
      return 'kept';
    case 'quarantine':
      return 'quarantined';
    case 'drop':
      await dropTransfer(call, journal, recoveryBy(settler, 'dropped'));
      return 'dropped';
    case 'restore':
      if (!(await restore(call, journal, target))) return 'again';
      await finishTransfer(call, journal, endedAsFound(source, true), recoveryBy(settler, 'restored'));
      return 'restored';
    case 'undo':
      return (await undoTransfer(call, journal, recoveryBy(settler, 'undone'))) ? 'undone' : 'kept';
    case 'complete':
    case 'end':
      return source.kind === 'json' && (await complete(call, journal, source, { action, settler }))
        ? 'completed'
        : 'again';
    case 'finish':
      // Whoever was stopped between a rename and the sync of its folder has left it in memory only.
      syncSession(call, journal.target);
      syncSession(call, journal.source);
      await finishTransfer(
        call,
        journal,
        endedAsFound(source, judgeSource(journal, foundRun(source)) === 'endedByUs'),
        recoveryBy(settler, 'finished'),
      );
      return 'finished';
  }
}

/**
 * Gives up a transfer that wrote no run.
 *
 * @param call - a call that holds the lock
 * @param journal - the transfer
 * @param recovery - what a later call makes of it; absent where it is the call's own
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export async function dropTransfer(call: Call, journal: Journal, recovery?: RecoveryOutcome): Promise<void> {
  await removeCompanions(call, journal);
  const line = historyOf(call, journal, journal, { outcome: 'dropped', recovery });
  await asAdvice(call, 'the history', () => addToHistory(call, line));
  removeJournal(call, journal);
}

async function restore(call: Call, journal: Journal, target: JsonRead): Promise<boolean> {
  const content = restoreBytes(journal.targetAfter);
  if (target.kind !== 'json') return createAt(call, inSession(journal.target), content, { mode: 0o600 });
  const replaced = await replaceAt(call, inSession(journal.target), target.file, content);
  return replaced.kind === 'replaced';
}

/** The source's turn goes into the target, if that goes on, and the source ends. */
async function complete(
  call: Call,
  journal: Journal,
  source: JsonContent,
  { action, settler }: { readonly action: 'complete' | 'end'; readonly settler: Settler },
): Promise<boolean> {
  const { transferId, at } = journal;
  const bytes = source.file.bytes;
  let known: Buffer | undefined = restoreBytes(journal.targetAfter);
  if (action === 'complete') {
    const moved = sha256(bytes) !== journal.sourceBefore;
    known = await carryInto(call, { session: journal.source, bytes, moved }, { id: journal.target, known }, transferId);
    if (known === undefined) return false;
  }
  syncSession(call, journal.target);
  const keeper = { id: journal.target, known };
  const ended = await endRun(call, { id: journal.source, read: source, keeper, at, transferId });
  if (ended === 'changed') return false;
  if (ended.problem !== undefined) throw ended.problem;
  await finishTransfer(call, journal, ended, recoveryBy(settler, 'completed'));
  return true;
}
