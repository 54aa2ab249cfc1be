import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import type { Journal } from '../../../rules/journal.ts';
import { asText } from '../../../rules/text.ts';
import { ensureFolder, removeDurably, syncFolder, uniqueName, writeDurably } from '../files/durable.ts';
import { attempt, changing } from '../files/io.ts';
import { createFile } from '../files/replace.ts';
import { readStateFile } from '../files/state-file.ts';
import type { Call } from './call.ts';

/** Largest journal that is written and read, bytes: four run files of the largest size. */
export const journalBytes = 32 * 1024 * 1024;

/** What stands where the journal would. */
export type JournalRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'journal'; readonly journal: Journal }
  | { readonly kind: 'broken' };

/**
 * Reads a journal or a receipt.
 *
 * @param path - the file
 * @throws ForgeResumeError `JOURNAL_VERSION`, `STATE_UNSAFE` where it is no regular file or too large
 */
export async function readJournal(path: string): Promise<JournalRead> {
  // Most often there is none; asking is cheaper than an error.
  if (attempt(() => fs.lstatSync(path, { throwIfNoEntry: false })) === undefined) return { kind: 'none' };
  const read = readStateFile(path, journalBytes);
  if (read.kind === 'absent') return { kind: 'none' };
  if (read.kind === 'unreadable') throw new ForgeResumeError('STATE_UNSAFE', `${path} cannot be read safely`);
  // The schema library is loaded only where there is something to judge.
  const { judgeJournal } = await import('../../../rules/journal-schema.ts');
  const verdict = judgeJournal(read.bytes.toString('utf8'));
  if (verdict.kind !== 'otherVersion') return verdict;
  throw new ForgeResumeError(
    'JOURNAL_VERSION',
    `${path} has version ${asText(verdict.version).slice(0, 40)}, which this release does not know`,
  );
}

/**
 * Makes our folders durable before the first journal is written.
 *
 * @param call - the call
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE`
 */
export function ensureFolders(call: Call): void {
  const { paths } = call;
  const like = changing('look at our folder', () => fs.lstatSync(paths.own));
  ensureFolder(paths.temp, 0o700, like);
  if (attempt(() => fs.lstatSync(paths.receipts))?.isDirectory()) return;
  // The receipts folder is made last, so that its presence says that all above it is durable.
  syncFolder(paths.stateDir, 'links');
  ensureFolder(paths.receipts, 0o700, like);
  syncFolder(paths.own);
}

/**
 * Writes the journal durably, where there is none.
 *
 * @param call - the call
 * @param journal - the plan
 * @throws ForgeResumeError `LOCK_LOST` where somebody else's stands there, `IO`
 */
export function createJournal(call: Call, journal: Journal): void {
  const { paths } = call;
  const created = createFile(paths.journal, journalText(journal), ownTraits(call), call.replaceScope);
  if (!created) throw new ForgeResumeError('LOCK_LOST', 'another transfer was begun while the lock was held');
  try {
    syncFolder(paths.own);
  } catch (error) {
    attempt(() => removeDurably(paths.journal));
    throw error;
  }
}

/**
 * Replaces the journal by a new plan, durably.
 *
 * @param call - the call
 * @param journal - the new plan, of the same transfer
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function rewriteJournal(call: Call, journal: Journal): void {
  const { paths } = call;
  const temp = uniqueName(paths.temp, 'journal');
  writeDurably(temp, journalText(journal), ownTraits(call));
  try {
    call.lease.verify();
    changing('write the journal', () => fs.renameSync(temp, paths.journal));
  } catch (error) {
    attempt(() => fs.unlinkSync(temp));
    throw error;
  }
  syncFolder(paths.own);
}

/**
 * Drops the journal of a transfer that wrote nothing.
 *
 * @param call - the call
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function dropJournal(call: Call): void {
  call.lease.verify();
  removeDurably(call.paths.journal);
}

/**
 * Ends a transfer: its journal becomes its receipt.
 *
 * @param call - the call
 * @param journal - the finished transfer
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function commitJournal(call: Call, journal: Journal): void {
  const { paths } = call;
  ensureFolders(call);
  call.lease.verify();
  changing('write the receipt', () => fs.renameSync(paths.journal, paths.receipt(journal.transferId)));
  syncFolder(paths.receipts);
  syncFolder(paths.own);
}

/**
 * Ends a transfer that was undone: a receipt that says so is written, then the journal goes.
 *
 * @param call - the call
 * @param journal - the undone transfer
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function commitRollback(call: Call, journal: Journal): void {
  const { paths } = call;
  ensureFolders(call);
  const receipt: Journal = { ...journal, outcome: 'rolled_back' };
  createFile(paths.receipt(journal.transferId), JSON.stringify(receipt), ownTraits(call), call.replaceScope);
  syncFolder(paths.receipts);
  dropJournal(call);
}

function journalText(journal: Journal): string {
  const text = JSON.stringify(journal);
  if (Buffer.byteLength(text) <= journalBytes) return text;
  throw new ForgeResumeError('STATE_UNSAFE', 'the run is too large to be handed over safely');
}

function ownTraits(call: Call): { mode: number; uid: number; gid: number } {
  const { uid, gid } = changing('look at our folder', () => fs.lstatSync(call.paths.own));
  return { mode: 0o600, uid, gid };
}
