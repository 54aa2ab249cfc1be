import { ForgeResumeError } from '../../errors.ts';
import { type ForgeState, formatForgeState, isForgeState } from '../../rules/forge-state.ts';
import { mergeProgress } from '../../rules/progress.ts';
import type { FoundRun } from '../../rules/recovery.ts';
import type { Call } from './call.ts';
import { type JsonRead, readJson } from './json-file.ts';
import { replaceFile } from './replace.ts';

/** How often late progress is merged into a run that its runtime keeps writing. */
const maxTries = 10;

/**
 * A run's file content; nesting too deep to be written is refused before anything is touched.
 *
 * @param state - the run
 * @throws ForgeResumeError `STATE_UNSAFE`
 */
export function formatRun(state: ForgeState): string {
  try {
    return formatForgeState(state);
  } catch (error) {
    throw new ForgeResumeError('STATE_UNSAFE', 'the run is nested too deep to be written', error);
  }
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
