import fs from 'fs-extra';
import { type ForgeState, isForgeState } from '../../../rules/forge-state.ts';
import { type Journal, restoreBytes, restoreRun } from '../../../rules/journal.ts';
import { mergeProgress } from '../../../rules/progress.ts';
import { judgeSource, judgeTarget } from '../../../rules/recovery.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import { ensureFolder, syncFolder } from '../files/durable.ts';
import { attempt, changing } from '../files/io.ts';
import { createFile, replaceFile } from '../files/replace.ts';
import { carryOver, formatRun, foundRun, readRun } from '../files/run-file.ts';
import type { Call } from './call.ts';
import { ensureFolders } from './journal-file.ts';

const maxTries = 10;

/**
 * Rolls a transfer forward whose target is there and whose source is still live: the source's progress goes into the
 * target, then the source is ended (protocol.md, "Recover").
 *
 * @param call - the call
 * @param journal - the unfinished transfer
 * @returns false if the runs changed faster than they could be replaced; the journal must then stay
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function completeTransfer(call: Call, journal: Journal): Promise<boolean> {
  const base = restoreRun(journal.source.before);
  const sourcePath = call.paths.run(journal.priorId);
  const targetPath = call.paths.run(journal.currentId);
  ensureFolders(call);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const source = await readRun(call, journal.priorId);
    if (source.kind === 'unreadable') return false;
    if (source.kind === 'absent' || judgeSource(journal, foundRun(source)) !== 'live') return true;
    if (base === undefined || !isForgeState(source.value)) return false;
    if (!(await mergeInto(call, journal, base, source.value))) return false;
    const ended = formatRun(endAsTransferred(source.value, journal.createdAt));
    const replaced = await replaceFile(sourcePath, source.file, ended, call.replaceScope);
    if (replaced.kind === 'changed') continue;
    if (replaced.syncError !== undefined) throw replaced.syncError;
    if (replaced.late !== undefined) await carryOver(call, targetPath, source.value, replaced.late);
    return true;
  }
  return false;
}

/**
 * Merges a source's progress into the target of its transfer, durably.
 *
 * @param call - the call
 * @param journal - the transfer
 * @param base - the source as it was planned with
 * @param source - the source as it is
 * @returns false if the target is not ours any more or kept changing
 */
export async function mergeInto(call: Call, journal: Journal, base: ForgeState, source: ForgeState): Promise<boolean> {
  const path = call.paths.run(journal.currentId);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const target = await readRun(call, journal.currentId);
    if (target.kind !== 'json' || judgeTarget(journal, foundRun(target)) !== 'ours') return false;
    if (!isForgeState(target.value)) return false;
    const merged = mergeProgress(base, source, target.value);
    if (merged === target.value) {
      syncRuns(call, journal);
      return true;
    }
    const replaced = await replaceFile(path, target.file, formatRun(merged), call.replaceScope);
    if (replaced.kind === 'changed') continue;
    if (replaced.syncError !== undefined) throw replaced.syncError;
    if (replaced.late !== undefined) await carryOver(call, path, target.value, replaced.late);
    syncRuns(call, journal);
    return true;
  }
  return false;
}

/**
 * Makes durable what an earlier call did to the runs of a transfer: it may have been stopped between a rename or link
 * and the sync of the folder, so that what we read is only in memory.
 *
 * @param call - the call
 * @param journal - the transfer
 * @throws ForgeResumeError `IO`
 */
export function syncRuns(call: Call, journal: Journal): void {
  const { paths } = call;
  for (const folder of [paths.session(journal.currentId), paths.session(journal.priorId), paths.sessions]) {
    if (attempt(() => fs.lstatSync(folder))?.isDirectory()) syncFolder(folder);
  }
}

/**
 * Creates a transfer's target again from the journal, where the source is ended but the target was lost.
 *
 * @param call - the call
 * @param journal - the unfinished transfer
 * @returns false if a run stands there by now
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function restoreTarget(call: Call, journal: Journal): boolean {
  ensureFolders(call);
  return createTarget(call, journal) === 'created';
}

/**
 * Creates a transfer's target, with its folder if that is missing, durably.
 *
 * @param call - the call
 * @param journal - the transfer
 * @returns `taken` if a run stands there already
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function createTarget(call: Call, journal: Journal): 'created' | 'taken' {
  const { paths } = call;
  const like = ownerOf(call, journal);
  const folder = paths.session(journal.currentId);
  ensureFolder(folder, 0o700, like);
  const content = restoreBytes(journal.target.after);
  const created = createFile(paths.run(journal.currentId), content, { ...like, mode: 0o600 }, call.replaceScope);
  if (!created) return 'taken';
  syncFolder(folder);
  syncFolder(paths.sessions);
  return 'created';
}

/** What a target stands for: the source, or the sessions folder where the source is gone. */
function ownerOf(call: Call, journal: Journal): { uid: number; gid: number } {
  const { paths } = call;
  return (
    attempt(() => fs.lstatSync(paths.run(journal.priorId))) ??
    changing('look at the sessions folder', () => fs.lstatSync(paths.sessions))
  );
}
