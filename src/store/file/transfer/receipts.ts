import fs from 'fs-extra';
import { isForgeState, isSameRun } from '../../../rules/forge-state.ts';
import { type Journal, restoreRun } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { sessionTag, transferTags } from '../../../rules/transfer-id.ts';
import { attempt, isAbsence, osCode } from '../files/io.ts';
import { readJsonOnce } from '../files/json-file.ts';
import { readStateFile } from '../files/state-file.ts';
import type { Call } from './call.ts';
import { journalBytes, readJournal } from './journal-file.ts';

/** How many of the oldest receipts are looked at for dropping after one transfer. */
const prunedAtOnce = 48;
/** Largest receipt that is looked into for dropping, bytes. */
const prunedBytes = 256 * 1024;

/**
 * The transfers of which there are receipts, by name alone.
 *
 * @param call - the call
 * @returns transfer ids, oldest first; none where the folder cannot be listed
 */
export function listReceipts(call: Call): string[] {
  const { receipts } = call.paths;
  if (!attempt(() => fs.lstatSync(receipts, { throwIfNoEntry: false }))?.isDirectory()) return [];
  const names = attempt(() => fs.readdirSync(receipts)) ?? [];
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  return ids.filter((id) => transferTags(id) !== undefined).sort();
}

/**
 * The receipts that may say that a session's run was handed over or taken back, by name alone.
 *
 * @param call - the call
 * @param sessionId - the session
 */
export function receiptsAbout(call: Call, sessionId: string): string[] {
  const tag = sessionTag(sessionId);
  return listReceipts(call).filter((id) => {
    const tags = transferTags(id);
    return tags?.source === tag || tags?.target === tag;
  });
}

/**
 * The sessions whose run files a late writer could have brought back to life, as far as a call in `sessionId` is
 * concerned: those from which its run came, directly or along a chain, and itself. Names decide which receipts are
 * opened at all.
 *
 * @param call - the call
 * @param sessionId - the current session
 * @param ids - of {@link listReceipts}
 */
export function suspectsOf(call: Call, sessionId: string, ids: readonly string[]): string[] {
  const own = sessionTag(sessionId);
  const reached = new Set([own]);
  const relevant = new Set<string>();
  for (let grown = ids.length > 0; grown; ) {
    grown = false;
    for (const id of ids) {
      const tags = transferTags(id);
      if (tags === undefined || relevant.has(id)) continue;
      if (!reached.has(tags.target) && tags.source !== own) continue;
      relevant.add(id);
      reached.add(tags.source);
      grown = true;
    }
  }
  return [...new Set([...relevant].map((id) => copySession(call, id)).filter((id) => id !== undefined))];
}

/** The session that a receipt says was left behind; a look at the file that decides nothing yet. */
function copySession(call: Call, transferId: string): string | undefined {
  const read = readStateFile(call.paths.receipt(transferId), journalBytes);
  if (read.kind !== 'file') return undefined;
  const value = attempt((): unknown => JSON.parse(read.bytes.toString('utf8')));
  if (!isForgeState(value)) return undefined;
  const { outcome, currentId, priorId } = value;
  const id = outcome === 'rolled_back' ? currentId : priorId;
  return isSessionId(id) ? id : undefined;
}

/**
 * Reads receipts. One that is broken, of another version or cannot be read safely is passed over, but noted: what
 * follows from all receipts together does not follow then.
 *
 * @param call - the call
 * @param ids - transfer ids
 */
export async function readReceipts(
  call: Call,
  ids: readonly string[],
): Promise<{ receipts: Journal[]; complete: boolean }> {
  const receipts: Journal[] = [];
  for (const id of ids) {
    const read = await readJournal(call.paths.receipt(id)).catch(() => undefined);
    if (read?.kind === 'journal' && read.journal.transferId === id) receipts.push(read.journal);
  }
  return { receipts, complete: receipts.length === ids.length };
}

/**
 * Drops receipts beyond the number that is kept, of those whose source is gone or holds another run, oldest first
 * (protocol.md, "Receipts"). Never throws: a receipt too many harms nobody.
 *
 * @param call - the call
 */
export async function pruneReceipts(call: Call): Promise<void> {
  const ids = listReceipts(call);
  let surplus = ids.length - protocol.limits.receipts;
  for (const id of ids.slice(0, prunedAtOnce)) {
    if (surplus <= 0) return;
    const path = call.paths.receipt(id);
    // A large one costs more to judge than to keep.
    if ((attempt(() => fs.lstatSync(path))?.size ?? 0) > prunedBytes) continue;
    const read = await readJournal(path).catch(() => undefined);
    if (read?.kind !== 'journal' || !isSpent(call, read.journal)) continue;
    appendHistory(call, read.journal);
    attempt(() => fs.unlinkSync(path));
    surplus -= 1;
  }
}

function isSpent(call: Call, receipt: Journal): boolean {
  const copyId = receipt.outcome === 'rolled_back' ? receipt.currentId : receipt.priorId;
  try {
    fs.lstatSync(call.paths.session(copyId));
  } catch (error) {
    return isAbsence(error) || osCode(error) === 'ENOENT';
  }
  const before = restoreRun(receipt.source.before);
  const now = readJsonOnce(call.paths.run(copyId));
  if (now.kind !== 'json' || before === undefined || !isForgeState(now.value)) return false;
  return !isSameRun(before, now.value);
}

/** One line of what a dropped receipt said, for people. */
function appendHistory(call: Call, receipt: Journal): void {
  const { transferId, priorId, currentId, createdAt, outcome = 'committed' } = receipt;
  attempt(() => {
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
    const fd = fs.openSync(call.paths.history, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      if (!fs.fstatSync(fd).isFile()) return;
      fs.writeSync(fd, `${JSON.stringify({ transferId, priorId, currentId, createdAt, outcome })}\n`);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  });
}
