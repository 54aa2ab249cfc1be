import { ForgeResumeError } from '../../../errors.ts';
import { endForGood } from '../../../rules/ending.ts';
import { type ForgeState, isSameRun } from '../../../rules/forge-state.ts';
import { runIn } from '../../../rules/journal.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import type { Staleness } from '../../../rules/staleness.ts';
import type { JsonContent } from '../files/json-file.ts';
import type { Call } from './call.ts';
import { addToHistory } from './history.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { formatRun, putBack, readRun } from './run-file.ts';
import { asAdvice, readTrail, writeTrails } from './trail-file.ts';
import { replaceAt } from './write-at.ts';

/** How often a run that its runtime keeps writing is planned anew before we give up. */
const maxTries = 40;
/** Under which to keep what gives way: no transfer is under way. */
const transferId = 'end';

/** A run that is to end, since nobody wants it any more. */
export interface GoodEnding {
  readonly id: string;
  readonly read: JsonContent;
  readonly stopReason: string;
  /** Keeps a content before it gives way; by default none is: all but its ending goes on in the ended run. */
  readonly keeps?: ((run: JsonContent) => void) | undefined;
  /** How long it had been idle, where that is why; for the history. */
  readonly staleness?: Staleness | undefined;
  /** Whether it is still to end where it was written meanwhile; by default any turn of the same run is. */
  readonly stillEnds?: ((again: JsonContent) => boolean) | undefined;
}

/**
 * Ends a run that goes on nowhere, forgets where it came from, and adds a line of history. A turn that its runtime counts
 * meanwhile is kept in the ended run.
 *
 * @param call - a call that holds the lock
 * @param ending - which run, and why
 * @returns false where the run is not the one that was read any more: it has ended, or another one was started
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`, `SOURCE_BUSY`
 */
export async function endRunForGood(call: Call, ending: GoodEnding): Promise<boolean> {
  const { id, read, stopReason, stillEnds = () => true, keeps } = ending;
  let run = read;
  for (let tries = 0; tries < maxTries; tries += 1) {
    if (!isActiveRun(run.value) || !isSameRun(run.value, read.value as ForgeState)) return false;
    const content = formatRun(endForGood(run.value, stopReason, call.now), call.paths.run(id));
    keeps?.(run);
    const replaced = await replaceAt(call, inSession(id), run.file, content);
    if (replaced.kind === 'replaced') {
      const isOther = replaced.late !== undefined && !(await takeLate(call, id, stopReason, content, replaced.late));
      if (replaced.syncError !== undefined) throw replaced.syncError;
      if (isOther) return false;
      await forget(call, ending);
      return true;
    }
    const again = await readRun(call, id);
    if (again.kind !== 'json' || !stillEnds(again)) return false;
    run = again;
  }
  throw new ForgeResumeError('SOURCE_BUSY', `${call.paths.run(id)} kept changing while it was ended`);
}

/** What came late is ended as well, as a whole turn; a run that was started in that very moment comes back. */
async function takeLate(call: Call, id: string, stopReason: string, ours: Buffer, late: Buffer): Promise<boolean> {
  const state = runIn(late);
  if (state === undefined) {
    quarantine(call, id, transferId, late);
    return true;
  }
  if (!isSameRun(state, runIn(ours) as ForgeState)) {
    await putBack(call, id, late, ours);
    return false;
  }
  const now = await readRun(call, id);
  if (now.kind !== 'json' || !now.file.bytes.equals(ours)) {
    quarantine(call, id, transferId, late);
    return true;
  }
  const next = formatRun(endForGood(state, stopReason, call.now), call.paths.run(id));
  const replaced = await replaceAt(call, inSession(id), now.file, next);
  if (replaced.kind === 'changed') quarantine(call, id, transferId, late);
  else if (replaced.late !== undefined) quarantine(call, id, transferId, replaced.late);
  return true;
}

async function forget(call: Call, { id, stopReason, staleness }: GoodEnding): Promise<void> {
  if (readTrail(call, id) !== undefined) await writeTrails(call, { of: id, trail: undefined });
  const { now: at } = call;
  await asAdvice(call, 'the history', () =>
    addToHistory(call, { at, outcome: 'ended', session: id, stopReason, ...staleness }),
  );
}
