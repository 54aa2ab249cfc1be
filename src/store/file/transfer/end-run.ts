import type { ForgeState } from '../../../rules/forge-state.ts';
import { isSameRun } from '../../../rules/forge-state.ts';
import { runIn } from '../../../rules/journal.ts';
import { sights } from '../../../rules/trail.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import type { JsonContent } from '../files/json-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Call, EndedSource } from './call.ts';
import { carryInto, type Keeper } from './carry.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { formatRun, putBack, readRun } from './run-file.ts';
import { replaceAt } from './write-at.ts';

/** A live run that is to end, since it goes on elsewhere. */
export interface Ending {
  readonly id: string;
  readonly read: JsonContent;
  readonly keeper: Keeper;
  /** When, ISO 8601. */
  readonly at: string;
  readonly transferId: string;
}

/**
 * Ends a run that goes on elsewhere, and carries what a late writer put into its old file over into both
 * (src/store/file/README.md#create-replace-remove and src/store/file/README.md#transfer).
 *
 * @param call - a call that holds the lock
 * @param ending - which run, and where it goes on
 * @returns `changed` if the run is not what was read; nothing was written then
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE` before the end took effect; never after it
 */
export async function endRun(call: Call, ending: Ending): Promise<'changed' | EndedSource> {
  const { id, read, at } = ending;
  const content = formatRun(endAsTransferred(read.value as ForgeState, at), call.paths.run(id));
  const replaced = await replaceAt(call, inSession(id), read.file, content);
  if (replaced.kind === 'changed') return 'changed';
  const ended: EndedSource = { seen: replaced.seen, sha256: sha256(content), problem: replaced.syncError };
  if (replaced.late === undefined) return ended;
  try {
    return { ...ended, ...(await takeLate(call, ending, content, replaced.late)) };
  } catch (problem) {
    return { ...ended, seen: sights.unknown, problem };
  }
}

/** What came late goes into the run that goes on, and into the ended one as well; a run started anew comes back whole. */
async function takeLate(
  call: Call,
  { id, read, keeper, at, transferId }: Ending,
  content: Buffer,
  late: Buffer,
): Promise<Partial<EndedSource>> {
  const state = runIn(late);
  if (state === undefined) {
    quarantine(call, id, transferId, late);
    return {};
  }
  if (!isSameRun(state, read.value as ForgeState)) {
    await putBack(call, id, late, content);
    return { seen: sights.unknown, sha256: undefined };
  }
  await carryInto(call, { session: id, bytes: late, moved: true }, keeper, transferId);
  const now = await readRun(call, id);
  if (now.kind !== 'json' || !now.file.bytes.equals(content)) return { seen: sights.unknown };
  const next = formatRun(endAsTransferred(state, at), call.paths.run(id));
  const replaced = await replaceAt(call, inSession(id), now.file, next);
  if (replaced.kind === 'changed') return { seen: sights.unknown };
  if (replaced.late !== undefined) quarantine(call, id, transferId, replaced.late);
  const seen = replaced.late === undefined ? replaced.seen : sights.unknown;
  return { seen, sha256: sha256(next), problem: replaced.syncError };
}
