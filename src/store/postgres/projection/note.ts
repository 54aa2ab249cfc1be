import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeResumeError } from '../../../errors.ts';
import { isForgeState } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isCompanionName, isSha256 } from '../../../rules/trail.ts';
import type { StatePaths } from '../../file/files/paths.ts';
import { type FileRead, readStateFile } from '../../file/files/state-file.ts';
import type { Call as FileCall } from '../../file/transfer/call.ts';
import { clearAt, unlinkAt } from '../../file/transfer/clear-at.ts';
import { inOwn, inSession, type Place } from '../../file/transfer/place.ts';
import { syncAt } from '../../file/transfer/sync-at.ts';
import { putAt } from '../../file/transfer/write-at.ts';

const folder = protocol.files.projectionFolder;
/** Largest note that is read, bytes. */
const noteBytes = 1_024;
const version = 1;

/** What a session's file and its row had in common when this host last compared them. */
export interface ProjectionNote {
  /** The row's. */
  readonly epoch: string;
  /** The row's. */
  readonly version: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  /** Of the files beside it, by name. */
  readonly companions: Readonly<Record<string, string>>;
}

const placeOf = (session: string): Place => inOwn(folder, `${session}.json`);

/**
 * The note of a session; undefined where there is none that can be read.
 *
 * @param paths - the state directory's
 * @param session - its id
 */
export const readNote = ({ own }: StatePaths, session: string): ProjectionNote | undefined =>
  noteIn(readStateFile(join(own, folder, `${session}.json`), noteBytes));

/**
 * The note in a file.
 *
 * @param read - the file as read
 */
export function noteIn(read: FileRead): ProjectionNote | undefined {
  if (read.kind !== 'file') return undefined;
  try {
    const value = JSON.parse(read.bytes.toString('utf8')) as Record<string, unknown> | null;
    const { epoch, version: row, sha256, companions = {} } = value ?? {};
    const isKnown = value?.['v'] === version && isNumber(epoch) && isNumber(row) && isSha256(sha256);
    return isKnown && areHashes(companions) ? { epoch, version: row, sha256, companions } : undefined;
  } catch {
    return undefined;
  }
}

const areHashes = (value: unknown): value is Readonly<Record<string, string>> =>
  isForgeState(value) && Object.entries(value).every(([name, hash]) => isCompanionName(name) && isSha256(hash));

/** Of a number of 19 digits the next one may be none of the database's: who wrote it is not this package. */
const isNumber = (value: unknown): value is string => typeof value === 'string' && /^\d{1,18}$/.test(value);

/** Writes the note of a session; what stands there gives way. */
export async function writeNote(call: FileCall, session: string, note: ProjectionNote): Promise<void> {
  await putAt(call, placeOf(session), Buffer.from(JSON.stringify({ v: version, ...note })));
}

/** Forgets the note of a session. */
export const forgetNote = (call: FileCall, session: string): void => unlinkAt(call, placeOf(session));

/**
 * Forgets the notes of all sessions: the files are on their own.
 *
 * @throws ForgeResumeError `STATE_UNSAFE`, `IO`, `LOCK_LOST`
 */
export function forgetNotes(call: FileCall, { own }: StatePaths): void {
  const place = join(own, folder);
  let names: readonly string[];
  try {
    names = readdirSync(place);
  } catch (error) {
    throw new ForgeResumeError('STATE_UNSAFE', `${place} is no folder that could be read; move it away`, error);
  }
  for (const name of names) unlinkAt(call, inOwn(folder, name));
}

/** Removes what a dead call left beside a session's run and its note. Never throws. */
export function clearLeft(call: FileCall, session: string): void {
  for (const name of [protocol.files.forgeState, ...protocol.companions]) {
    clearAt(call, inSession(session).slice(0, -1), name);
  }
  clearAt(call, inOwn(folder), `${session}.json`);
}

/** Makes the notes durable, and with them the names of files that were created. */
export const syncNotes = (call: FileCall): boolean => syncAt(call, inOwn(folder));
