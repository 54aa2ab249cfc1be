import type { Recovery } from '../../../../machines/contract.ts';
import { type ForgeState, isForgeState, isLive, iterationOf, startOf } from '../../../rules/forge-state.ts';
import { isKeeper, isLeftBehind, judged, leftBehind, sights } from '../../../rules/trail.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import { attempt } from '../files/io.ts';
import type { JsonContent } from '../files/json-file.ts';
import { sha256 } from '../files/sha256.ts';
import { sightOf } from '../files/state-file.ts';
import { possibleKeepers } from '../files/trails.ts';
import type { Call, EndedSource } from './call.ts';
import { carryInto } from './carry.ts';
import { endRun } from './end-run.ts';
import { addToHistory } from './history.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { statAt } from './read-at.ts';
import { formatRun, readRun } from './run-file.ts';
import { asAdvice, clearTrail, readTrail, writeTrails } from './trail-file.ts';

const maxTries = 4;

/** A copy that was ended. */
export interface EndedCopy extends EndedSource {
  readonly recovery: Recovery;
}

/** Where a copied run goes on. */
interface Proof {
  readonly keeperId: string;
  readonly state: ForgeState;
  readonly transferId: string;
}

/**
 * Judges a session's run, and ends it if it is a copy of a run that was handed over: named in the trail of a live run
 * with the same present `started_at` (src/store/file/README.md#trails). Without proof nothing is touched.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param currentId - the current session
 * @returns undefined where it is no copy
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function judgeCopy(call: Call, id: string, currentId: string): Promise<EndedCopy | undefined> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const copy = await readRun(call, id);
    if (copy.kind !== 'json' || !isForgeState(copy.value) || !isLive(copy.value)) return undefined;
    const proof = await proofAbout(call, id, currentId, copy.value);
    // What is nested too deep or too large to be written is left alone.
    const ended =
      proof && attempt(() => formatRun(endAsTransferred(copy.value as ForgeState, call.now), call.paths.run(id)));
    if (proof === undefined || ended === undefined) return undefined;
    const end = await endCopy(call, id, copy, proof, ended);
    if (end === undefined) continue;
    const { transferId, keeperId: keeper } = proof;
    const entry = { at: call.now, outcome: 'copy_ended', transferId, session: id, keeper } as const;
    await asAdvice(call, 'the history', () => addToHistory(call, entry));
    return { recovery: { transferId, outcome: 'copy_ended' }, ...end };
  }
  return undefined;
}

async function proofAbout(call: Call, id: string, currentId: string, copy: ForgeState): Promise<Proof | undefined> {
  const startedAt = startOf(copy);
  if (startedAt === '') return undefined;
  for (const keeperId of possibleKeepers(id, currentId, (session) => readTrail(call, session))) {
    const trail = readTrail(call, keeperId);
    const entry = isKeeper(trail) ? trail.left.find(({ session }) => session === id) : undefined;
    const keeper = await readRun(call, keeperId);
    const state = keeper.kind === 'json' && isForgeState(keeper.value) ? keeper.value : undefined;
    const goesOn = state !== undefined && isLive(state) && startOf(state) === startedAt;
    if (!goesOn || entry === undefined || !isKeeper(trail) || trail.started_at !== startedAt) continue;
    return { keeperId, state, transferId: entry.transferId };
  }
  return undefined;
}

async function endCopy(
  call: Call,
  id: string,
  copy: JsonContent,
  { keeperId, state, transferId }: Proof,
  planned: Buffer,
): Promise<EndedSource | undefined> {
  const { bytes } = copy.file;
  quarantine(call, id, transferId, bytes);
  const isHigher = (iterationOf(copy.value as ForgeState) ?? -Infinity) > (iterationOf(state) ?? Infinity);
  if (isHigher) await carryInto(call, { session: id, bytes, moved: undefined }, { id: keeperId }, transferId);
  // The trail first: killed between the two, the session could not be come home to.
  await writeTrails(call, { of: id, trail: leftBehind(keeperId, sha256(planned)) });
  const ended = await endRun(call, { id, read: copy, keeper: { id: keeperId }, at: call.now, transferId });
  if (ended === 'changed') return undefined;
  if (ended.sha256 !== sha256(planned)) await writeTrails(call, { of: id, trail: leftBehind(keeperId, ended.sha256) });
  if (ended.problem !== undefined) throw ended.problem;
  return ended;
}

/**
 * Ends the copies of the current session's run that came back to life, and the current session's run where it is one
 * itself; notes what was judged, so that the next look is quiet.
 *
 * @param call - a call that holds the lock
 * @param currentId - the current session
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function endCopies(call: Call, currentId: string): Promise<Recovery[]> {
  const trail = readTrail(call, currentId);
  if (isLeftBehind(trail)) return await endIfLeftBehind(call, currentId);
  const found: Recovery[] = [];
  for (const { session, seen: before } of isKeeper(trail) ? trail.left : []) {
    // Taken before the file is judged: what is written meanwhile is judged the next time.
    const seen = sightAt(call, session);
    if (seen === before) continue;
    clearTrail(call, session);
    const copy = await judgeCopy(call, session, currentId);
    if (copy !== undefined) found.push(copy.recovery);
    const now = readTrail(call, currentId);
    if (!isKeeper(now)) continue;
    const isOther = copy === undefined && (await holdsAnother(call, session, now.started_at));
    const trail = judged(now, session, isOther ? undefined : (copy?.seen ?? seen));
    await writeTrails(call, { of: currentId, trail });
  }
  return found;
}

/** A live run under a trail that says left behind is a copy, or one started anew: then the trail says nothing any more. */
async function endIfLeftBehind(call: Call, currentId: string): Promise<Recovery[]> {
  const run = await readRun(call, currentId);
  if (run.kind !== 'json' || !isForgeState(run.value) || !isLive(run.value)) return [];
  const copy = await judgeCopy(call, currentId, currentId);
  if (copy !== undefined) {
    // It may come home though its trail could not be written: trails are advice.
    call.memory.endedCopy = copy.sha256;
    return [copy.recovery];
  }
  await writeTrails(call, { of: currentId, trail: undefined });
  return [];
}

/** What a session's run file looks like, as trails note it. */
function sightAt(call: Call, id: string): string {
  const stat = statAt(call, inSession(id));
  return stat === undefined ? sights.absent : sightOf(stat);
}

async function holdsAnother(call: Call, id: string, startedAt: string): Promise<boolean> {
  const run = await readRun(call, id);
  return run.kind === 'json' && (!isForgeState(run.value) || startOf(run.value) !== startedAt);
}
