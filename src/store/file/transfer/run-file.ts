import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, formatForgeState } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { FoundRun } from '../../../rules/recovery.ts';
import { sights } from '../../../rules/trail.ts';
import { createFile } from '../files/create.ts';
import { closeFolder, ensureFolder, type Folder, inside, openBelow, sync } from '../files/folder.ts';
import { attempt, changing } from '../files/io.ts';
import { type JsonRead, readJson } from '../files/json-file.ts';
import { type Replaced, removeFile, replaceFile } from '../files/replace.ts';
import { type FileContent, type FileRead, readStateFile, sightOf } from '../files/state-file.ts';
import { removeTemp } from '../files/temp-file.ts';
import { fileMode, folderMode } from '../lock/kernel-lock.ts';
import type { Call } from './call.ts';

const { forgeState, sessionsFolder } = protocol.files;

/**
 * A run's file content; what could not be written or read again is refused before anything is touched.
 *
 * @param state - the run
 * @throws ForgeResumeError `STATE_UNSAFE`
 */
export function formatRun(state: ForgeState): Buffer {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(formatForgeState(state), 'utf8');
  } catch (error) {
    throw new ForgeResumeError('STATE_UNSAFE', 'the run is nested too deep to be written', error);
  }
  if (bytes.length <= protocol.limits.stateFileBytes) return bytes;
  throw new ForgeResumeError('STATE_UNSAFE', 'the run would be too large to be read again');
}

/**
 * Reads a session's run through its folder's descriptor, never through a link in the folder's place
 * (src/rules/README.md#rule-10-unsafe-files).
 *
 * @param call - a call that holds the lock
 * @param id - the session
 */
export async function readRun(call: Call, id: string): Promise<JsonRead> {
  return await readJson(() => readInSession(call, id, forgeState));
}

/**
 * Reads a file in a session's folder; it never throws.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param name - the file
 */
export function readInSession(call: Call, id: string, name: string): FileRead {
  try {
    const folder = openSession(call, id);
    if (folder === undefined) return { kind: 'absent' };
    try {
      return inside(folder, (at) => readStateFile(at(name)));
    } finally {
      closeFolder(folder);
    }
  } catch {
    return { kind: 'unreadable' };
  }
}

/**
 * A read as recovery's table judges it.
 *
 * @param read - what reading the file gave
 */
export function foundRun(read: JsonRead): FoundRun {
  return read.kind === 'json' ? { kind: 'run', bytes: read.file.bytes, value: read.value } : read;
}

/**
 * Replaces a file in a session's folder, only if it still holds what was read.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param read - the file as read
 * @param content - the new content
 * @param name - the file; default the run
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`; never once it took effect
 */
export function replaceRun(
  call: Call,
  id: string,
  read: FileContent,
  content: Buffer,
  name: string = forgeState,
): Promise<Replaced> {
  return inSession(call, id, (folder) => replaceFile(folder, name, read, content, call.lease.verify));
}

/**
 * Puts back what a runtime had started anew in the very moment in which we wrote over it, if nothing has been written
 * since.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param late - the run that was started
 * @param ours - what we wrote; undefined where we took the run away
 */
export async function putBack(call: Call, id: string, late: Buffer, ours: Buffer | undefined): Promise<void> {
  const now = await readRun(call, id);
  if (now.kind === 'absent') createInSession(call, id, { content: late, mode: fileMode(call.lease.root()) });
  else if (now.kind === 'json' && ours?.equals(now.file.bytes)) await replaceRun(call, id, now.file, late);
}

/**
 * For how long a session's run has been as it is, milliseconds; a time ahead of the clock counts as long ago.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @returns 0 where that cannot be known
 */
export function unchangedMs(call: Call, id: string): number {
  const stat = statInSession(call, id) ?? attempt(() => fs.lstatSync(call.paths.session(id), { bigint: true }));
  const age = stat === undefined ? 0 : Date.now() - Number(stat.mtimeMs);
  return age < 0 ? Number.POSITIVE_INFINITY : age;
}

/**
 * What a session's run file looks like, as trails note it.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 */
export function sightInSession(call: Call, id: string): string {
  const stat = statInSession(call, id);
  return stat === undefined ? sights.absent : sightOf(stat);
}

function statInSession(call: Call, id: string): fs.BigIntStats | undefined {
  const folder = attempt(() => openSession(call, id));
  if (folder === undefined) return undefined;
  const stat = attempt(() => inside(folder, (at) => fs.lstatSync(at(forgeState), { bigint: true })));
  closeFolder(folder);
  return stat;
}

/**
 * Removes a file from a session's folder, only if it still holds what was read.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param read - the file as read
 * @param name - the file; default the run
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function removeInSession(
  call: Call,
  id: string,
  read: FileContent,
  name: string = forgeState,
): Promise<Replaced> {
  return inSession(call, id, (folder) => removeFile(folder, name, read, call.lease.verify));
}

/**
 * Creates a file in a session's folder, with the folder if that is missing, durably.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param file - its content, mode, and name; default the run
 * @returns false if something stands there already
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function createInSession(
  call: Call,
  id: string,
  { name = forgeState, content, mode }: { readonly name?: string; readonly content: Buffer; readonly mode: number },
): boolean {
  return changing('create a run', () => {
    const root = call.lease.root();
    const sessions = ensureFolder(root, sessionsFolder, folderMode(root));
    try {
      const folder = ensureFolder(sessions, id, folderMode(root));
      try {
        return createFile(folder, name, { content, mode, ...creationIn(call) });
      } finally {
        closeFolder(folder);
      }
    } finally {
      closeFolder(sessions);
    }
  });
}

/** What every creation of a call asks and tells. */
export const creationIn = (call: Call): { verifyLock: () => void; onNoLinks: () => void } => ({
  verifyLock: call.lease.verify,
  onNoLinks: () => {
    call.warnings.add('this file system has no hard links: a run that is started at the moment of a hand-over is lost');
  },
});

/**
 * Makes what was done to a session's files durable, also by an earlier call that was stopped before it could.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @returns false where that cannot be done
 * @throws ForgeResumeError `IO`
 */
export function syncSession(call: Call, id: string): boolean {
  return changing('sync a folder', () => {
    const sessions = openBelow(call.lease.root(), sessionsFolder);
    const folder = openSession(call, id);
    try {
      const synced = sessions === undefined || sync(sessions.fd);
      return (folder === undefined || sync(folder.fd)) && synced;
    } finally {
      if (sessions !== undefined) closeFolder(sessions);
      if (folder !== undefined) closeFolder(folder);
    }
  });
}

/**
 * Removes what a dead call left beside a session's files. Never throws.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 */
export function clearSession(call: Call, id: string): void {
  const folder = attempt(() => openSession(call, id));
  if (folder === undefined) return;
  for (const name of [forgeState, ...protocol.companions]) removeTemp(folder, name);
  closeFolder(folder);
}

/**
 * Opens a session's folder.
 *
 * @returns undefined where it is not there
 * @throws ForgeResumeError `STATE_UNSAFE`; the system's error
 */
function openSession(call: Call, id: string): Folder | undefined {
  return openBelow(call.lease.root(), sessionsFolder, id);
}

async function inSession(call: Call, id: string, action: (folder: Folder) => Promise<Replaced>): Promise<Replaced> {
  const folder = changing('open a session', () => openSession(call, id));
  if (folder === undefined) return { kind: 'changed' };
  try {
    return await action(folder);
  } finally {
    closeFolder(folder);
  }
}
