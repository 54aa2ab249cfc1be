import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, formatForgeState, isForgeState } from '../../../rules/forge-state.ts';
import { mergeProgress } from '../../../rules/progress.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { FoundRun } from '../../../rules/recovery.ts';
import type { Call } from '../transfer/call.ts';
import { attempt } from './io.ts';
import { type JsonRead, readJson } from './json-file.ts';
import { replaceFile } from './replace.ts';

/** How often late progress is merged into a run that its runtime keeps writing. */
const maxTries = 10;

/**
 * A run's file content; what could not be written or read again is refused before anything is touched.
 *
 * @param state - the run
 * @throws ForgeResumeError `STATE_UNSAFE`
 */
export function formatRun(state: ForgeState): string {
  let text: string;
  try {
    text = formatForgeState(state);
  } catch (error) {
    throw new ForgeResumeError('STATE_UNSAFE', 'the run is nested too deep to be written', error);
  }
  if (Buffer.byteLength(text) > protocol.limits.stateFileBytes) {
    throw new ForgeResumeError('STATE_UNSAFE', 'the run would be too large to be read again');
  }
  return text;
}

/**
 * Carries what a late writer put into a file's old inode over into the file that replaced it.
 *
 * @param call - the call
 * @param path - the run's file
 * @param base - what the late writer had read
 * @param late - what it wrote
 * @returns whether it is all in the file now
 */
export async function carryOver(call: Call, path: string, base: ForgeState, late: Buffer): Promise<boolean> {
  const theirs: unknown = JSON.parse(late.toString('utf8'));
  if (!isForgeState(theirs)) return false;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const now = await readJson(path);
    if (now.kind !== 'json' || !isForgeState(now.value)) return false;
    const merged = mergeProgress(base, theirs, now.value);
    if (merged === now.value) return true;
    const replaced = await replaceFile(path, now.file, formatRun(merged), call.replaceScope);
    if (replaced.kind === 'replaced') return true;
  }
  return false;
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
 * Reads a session's run, but never through a link in place of the session's folder (rule 10).
 *
 * @param call - the call
 * @param id - the session
 */
export async function readRun(call: Call, id: string): Promise<JsonRead> {
  if (isLinkedSession(call, id)) return { kind: 'unreadable' };
  return await readJson(call.paths.run(id));
}

/**
 * Whether a session's folder is a link.
 *
 * @param call - the call
 * @param id - the session
 */
export function isLinkedSession(call: Call, id: string): boolean {
  return attempt(() => fs.lstatSync(call.paths.session(id)))?.isSymbolicLink() ?? false;
}
