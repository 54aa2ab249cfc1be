import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, formatForgeState } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { FoundRun } from '../../../rules/recovery.ts';
import { attempt } from '../files/io.ts';
import { type JsonRead, readJson } from '../files/json-file.ts';
import type { Call } from './call.ts';
import { clearAt } from './clear-at.ts';
import { inSession } from './place.ts';
import { readAt, statAt } from './read-at.ts';
import { syncAt } from './sync-at.ts';
import { createAt, replaceAt } from './write-at.ts';

const { sessionsFolder, forgeState } = protocol.files;

/**
 * A run's file content; what could not be written or read again is refused before anything is touched.
 *
 * @param state - the run
 * @param path - the file that it is for
 * @throws ForgeResumeError `STATE_UNSAFE`
 */
export function formatRun(state: ForgeState, path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(formatForgeState(state), 'utf8');
  } catch (error) {
    throw new ForgeResumeError('STATE_UNSAFE', `the run is nested too deep to be written to ${path}`, error);
  }
  if (bytes.length <= protocol.limits.stateFileBytes) return bytes;
  throw new ForgeResumeError('STATE_UNSAFE', `the run would be too large to be read again from ${path}`);
}

/**
 * Reads a session's run, never through a link in the folder's place (src/rules/README.md#rule-10-unsafe-files).
 */
export const readRun = (call: Call, id: string): Promise<JsonRead> => readJson(() => readAt(call, inSession(id)));

/** A read as recovery's table judges it. */
export const foundRun = (read: JsonRead): FoundRun =>
  read.kind === 'json' ? { kind: 'run', bytes: read.file.bytes, value: read.value } : read;

/**
 * Puts back what a runtime had started anew in the very moment in which we wrote over it, if nothing has been written
 * since.
 *
 * @param ours - what we wrote; undefined where we took the run away
 */
export async function putBack(call: Call, id: string, late: Buffer, ours: Buffer | undefined): Promise<void> {
  const now = await readRun(call, id);
  if (now.kind === 'absent') createAt(call, inSession(id), late);
  else if (now.kind === 'json' && ours?.equals(now.file.bytes)) await replaceAt(call, inSession(id), now.file, late);
}

/** For how long a run has been as it is, milliseconds: 0 where that cannot be known, endless ahead of the clock. */
export function unchangedMs(call: Call, id: string): number {
  const stat = statAt(call, inSession(id)) ?? attempt(() => fs.lstatSync(call.paths.session(id), { bigint: true }));
  const age = stat === undefined ? 0 : Date.now() - Number(stat.mtimeMs);
  return age < 0 ? Number.POSITIVE_INFINITY : age;
}

/** Makes what was done to a session's files durable; false where that cannot be done. */
export const syncSession = (call: Call, id: string): boolean => syncAt(call, [sessionsFolder], [sessionsFolder, id]);

/** Removes what a dead call left beside a session's files. Never throws. */
export function clearSession(call: Call, id: string): void {
  clearAt(call, [sessionsFolder, id], forgeState, ...protocol.companions);
}
