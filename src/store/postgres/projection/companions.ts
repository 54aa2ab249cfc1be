import { join } from 'node:path';
import { isLive } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isEndedByTransfer } from '../../../rules/transfer-plan.ts';
import type { StatePaths } from '../../file/files/paths.ts';
import { sha256 } from '../../file/files/sha256.ts';
import { type FileContent, readStateFile } from '../../file/files/state-file.ts';
import type { Call as FileCall } from '../../file/transfer/call.ts';
import { inSession, type Place } from '../../file/transfer/place.ts';
import { readAt } from '../../file/transfer/read-at.ts';
import { createAt, replaceAt } from '../../file/transfer/write-at.ts';
import type { PostgresCall } from '../call.ts';
import { type CompanionRow, dropCompanions, putCompanion, readCompanionHashes } from '../rows/companions.ts';
import type { LocalRun } from './local-run.ts';
import { setAside } from './set-aside.ts';

/** SHA-256 of files beside a run, by name, as a host and the database last had them in common. */
export type NotedCompanions = Readonly<Record<string, string>>;

/** What is to be known of the files beside one session's run when its file is written. */
export interface BesideRun {
  /** What this call brought into the database; undefined where it brought nothing. */
  readonly pushed: NotedCompanions | undefined;
  /** Reads what goes with the run; undefined where nothing is to go with it. */
  readonly read: (() => Promise<readonly CompanionRow[]>) | undefined;
  /** Hears of what is passed over. */
  readonly warn: (text: string) => void;
}

/**
 * Brings what changed beside a live run into the open transaction; what it did is known to its call until the next note.
 *
 * @param call - a call that holds the lock
 * @param paths - the state directory's
 * @param run - a run that this host has, as the database will have it too
 * @returns whether anything was written
 */
async function pushCompanions(call: PostgresCall, paths: StatePaths, { id, note }: LocalRun): Promise<boolean> {
  const { connection, project } = call.lease;
  const owner = { project, session: id };
  const before = note?.companions ?? {};
  const now: Record<string, string> = {};
  let stored: NotedCompanions | undefined;
  for (const name of protocol.companions) {
    const read = readStateFile(join(paths.session(id), name));
    const hash = read.kind === 'file' ? sha256(read.bytes) : read.kind === 'absent' ? undefined : before[name];
    if (read.kind === 'unreadable') warnOf(call, `${name} of ${id} was passed over: it cannot be read safely`);
    if (hash !== undefined) now[name] = hash;
    let isChanged = hash !== before[name];
    if (read.kind === 'file') {
      // The note does not tell: it may be of an earlier run here, or of a commit that a promotion lost.
      stored ??= await readCompanionHashes(connection, owner);
      if (hash !== stored[name]) {
        await putCompanion(connection, owner, { name, bytes: read.bytes });
        isChanged = true;
      }
    } else if (isChanged) await dropCompanions(connection, owner, [name]);
    if (isChanged) call.memory.pushed.set(id, now);
  }
  return call.memory.pushed.has(id);
}

/**
 * Brings what stands beside a run along with it; of one that is over, nothing is kept any more.
 *
 * @param call - a call that holds the lock
 * @param paths - the state directory's
 * @param run - a run that this host has, as the database will have it too
 * @returns whether anything was written
 */
export async function pushBeside(call: PostgresCall, paths: StatePaths, run: LocalRun): Promise<boolean> {
  const { file, id, note } = run;
  if (file.kind !== 'run') return false;
  if (isLive(file.value)) return await pushCompanions(call, paths, run);
  if (Object.keys(note?.companions ?? {}).length === 0 || isEndedByTransfer(file.value)) return false;
  await dropCompanions(call.lease.connection, { project: call.lease.project, session: id });
  call.memory.pushed.set(id, {});
  return true;
}

/** Notes for the result what is passed over. */
const warnOf = ({ memory }: PostgresCall, text: string): unknown => memory.warnings.add(text);

/**
 * Writes what goes with a run beside it, before the run: a live one always has it. What its session has of its own stays;
 * what stands there as the run left it gives way.
 *
 * @param call - a call on the host's files that holds their lock
 * @param run - the session's file, before the run comes there
 * @param rows - what goes with the run
 * @param warn - hears of what is passed over
 * @returns what is in common now
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, `LOCK_LOST`
 */
export async function projectCompanions(
  call: FileCall,
  { id, note }: LocalRun,
  rows: readonly CompanionRow[],
  warn: BesideRun['warn'],
): Promise<NotedCompanions> {
  const common: Record<string, string> = {};
  for (const { name, bytes } of rows) {
    const place = inSession(id, name);
    const there = readAt(call, place);
    const isLeft = there.kind === 'file' && sha256(there.bytes) === note?.companions[name];
    const isWritten =
      there.kind === 'absent'
        ? createAt(call, place, bytes)
        : there.kind === 'file' &&
          (there.bytes.equals(bytes) || (isLeft && (await replaceLeft(call, id, place, there, bytes))));
    if (isWritten) common[name] = sha256(bytes);
    else warn(`${name} that goes with the run was passed over: ${id} has its own`);
  }
  return common;
}

/** Replaces what stands as the run left it; false where it changed meanwhile. */
async function replaceLeft(
  call: FileCall,
  session: string,
  place: Place,
  there: FileContent,
  bytes: Buffer,
): Promise<boolean> {
  const given = { session, atMs: Number(there.stat.mtimeMs) };
  setAside(call, { ...given, bytes: there.bytes });
  const replaced = await replaceAt(call, place, there, bytes);
  if (replaced.kind === 'changed') return false;
  if (replaced.late !== undefined) setAside(call, { ...given, bytes: replaced.late });
  if (replaced.syncError !== undefined) throw replaced.syncError;
  return true;
}
