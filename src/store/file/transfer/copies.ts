import type { Recovery } from '../../../../machines/contract.ts';
import { type ForgeState, isForgeState, isLive, isSameRun } from '../../../rules/forge-state.ts';
import { type Journal, restoreRun } from '../../../rules/journal.ts';
import { mergeProgress } from '../../../rules/progress.ts';
import { isResurrectedCopy } from '../../../rules/recovery.ts';
import { sessionTag, transferTags } from '../../../rules/transfer-id.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import { attempt } from '../files/io.ts';
import type { JsonContent } from '../files/json-file.ts';
import { replaceFile } from '../files/replace.ts';
import { carryOver, formatRun, readRun } from '../files/run-file.ts';
import type { Call } from './call.ts';
import { ensureFolders } from './journal-file.ts';
import { quarantineBytes } from './quarantine.ts';
import { readReceipts, receiptsAbout } from './receipts.ts';

/** A receipt that says that a session's run went elsewhere, and the run as it was then. */
interface Proof {
  readonly receipt: Journal;
  readonly before: ForgeState;
}

/**
 * Ends a session's live run if a receipt proves that a late writer brought it back to life after it was handed over
 * (protocol.md, "Receipts"): its progress is merged forward first. Without proof nothing is touched.
 *
 * @param call - the call
 * @param copyId - the session
 * @returns what became of it; undefined where no receipt speaks of this run
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `JOURNAL_VERSION`, `STATE_UNSAFE`
 */
export async function settleCopy(call: Call, copyId: string): Promise<Recovery | undefined> {
  const copy = await readRun(call, copyId);
  if (copy.kind !== 'json' || !isForgeState(copy.value) || !isLive(copy.value)) return undefined;
  const state = copy.value;
  const proof = (await proofsAbout(call, copyId)).findLast(({ before }) => isSameRun(before, state));
  if (proof === undefined) return undefined;
  const { transferId } = proof.receipt;
  const left: Recovery = { transferId, outcome: 'copy_left' };
  const keeperId = await findKeeper(call, copyId, proof);
  // The run has come back by a transfer: it is no copy.
  if (keeperId === copyId) return undefined;
  if (keeperId === undefined || !isResurrectedCopy(proof.before, state)) return left;
  const ended = await endCopy(call, { id: copyId, run: copy, state }, keeperId, proof);
  return ended ? { transferId, outcome: 'copy_ended' } : left;
}

async function proofsAbout(call: Call, copyId: string): Promise<Proof[]> {
  const { receipts } = await readReceipts(call, receiptsAbout(call, copyId));
  return receipts.flatMap((receipt) => {
    if (receipt.voided) return [];
    const undone = receipt.outcome === 'rolled_back';
    if ((undone ? receipt.currentId : receipt.priorId) !== copyId) return [];
    const before = restoreRun(undone ? receipt.target.after : receipt.source.before);
    return before === undefined ? [] : [{ receipt, before }];
  });
}

/**
 * Follows the transfers of this run from where it went to the one session that holds it now: the copy itself where the
 * chain comes back to it. A chain that forks, ends where no such run is, or may have links that we cannot read, proves
 * nothing.
 */
async function findKeeper(call: Call, copyId: string, proof: Proof): Promise<string | undefined> {
  const start = proof.receipt.outcome === 'rolled_back' ? proof.receipt.priorId : proof.receipt.currentId;
  const seen = new Set<string>();
  const ends: string[] = [];
  for (const open = [start]; open.length > 0; ) {
    const id = open.pop();
    if (id === undefined || seen.has(id)) continue;
    if (id === copyId) return copyId;
    seen.add(id);
    const next = await sessionsAfter(call, id, proof.before);
    if (next === undefined) return undefined;
    if (next.length === 0) ends.push(id);
    open.push(...next);
  }
  const [end, ...others] = ends;
  if (end === undefined || others.length > 0) return undefined;
  const keeper = await readRun(call, end);
  const holds = keeper.kind === 'json' && isForgeState(keeper.value) && isSameRun(keeper.value, proof.before);
  return holds ? end : undefined;
}

/** Where a session's receipts say that this run went; undefined where one of them cannot be read. */
async function sessionsAfter(call: Call, id: string, run: ForgeState): Promise<string[] | undefined> {
  const outgoing = receiptsAbout(call, id).filter((name) => transferTags(name)?.source === sessionTag(id));
  const { receipts, complete } = await readReceipts(call, outgoing);
  if (!complete) return undefined;
  return receipts
    .filter((receipt) => {
      const before = restoreRun(receipt.source.before);
      const moved = receipt.priorId === id && !receipt.voided && receipt.outcome !== 'rolled_back';
      return moved && before !== undefined && isSameRun(before, run);
    })
    .map((receipt) => receipt.currentId);
}

async function endCopy(
  call: Call,
  copy: { id: string; run: JsonContent; state: ForgeState },
  keeperId: string,
  { receipt, before }: Proof,
): Promise<boolean> {
  const ended = attempt(() => formatRun(endAsTransferred(copy.state, call.now)));
  if (ended === undefined) return false;
  ensureFolders(call);
  quarantineBytes(call, receipt.transferId, `${copy.id}.json`, copy.run.file.bytes);
  if (!(await mergeForward(call, keeperId, before, copy.state))) return false;
  const replaced = await replaceFile(call.paths.run(copy.id), copy.run.file, ended, call.replaceScope);
  if (replaced.kind === 'changed') return false;
  if (replaced.late !== undefined) await carryOver(call, call.paths.run(keeperId), copy.state, replaced.late);
  return true;
}

/** Merges a copy's progress into the run that goes on; one that has ended meanwhile stays as it ended. */
async function mergeForward(call: Call, keeperId: string, before: ForgeState, copy: ForgeState): Promise<boolean> {
  const path = call.paths.run(keeperId);
  for (let tries = 0; tries < 3; tries += 1) {
    const keeper = await readRun(call, keeperId);
    if (keeper.kind !== 'json' || !isForgeState(keeper.value)) return false;
    if (!isLive(keeper.value)) return true;
    const merged = mergeProgress(before, copy, keeper.value);
    if (merged === keeper.value) return true;
    const content = attempt(() => formatRun(merged));
    if (content === undefined) return false;
    const replaced = await replaceFile(path, keeper.file, content, call.replaceScope);
    if (replaced.kind === 'replaced') return true;
  }
  return false;
}
