import type { Companion, Journal } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isKeeper, type LeftSession } from '../../../rules/trail.ts';
import { sha256 } from '../files/sha256.ts';
import type { FileContent } from '../files/state-file.ts';
import type { Call } from './call.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { readAt } from './read-at.ts';
import { readTrail } from './trail-file.ts';
import { createAt, removeAt, replaceAt } from './write-at.ts';

/** A file that is to go with a run. */
export interface CompanionFile extends Companion {
  readonly read: FileContent;
  /** What stands in its place and may be replaced, since the run left it there and comes home. */
  readonly replaces: FileContent | undefined;
}

/**
 * The files that go with a run (src/store/file/README.md#transfer, step 2): what the current session lacks, and, at
 * home, what is there as the run left it. What cannot be read safely is passed over and said.
 *
 * @param call - a call that holds the lock
 * @param source - session that the run moves from
 * @param target - session that it moves to
 */
export function planCompanions(call: Call, source: string, target: string): readonly CompanionFile[] {
  if (call.options.companions !== 'carry') return [];
  const left = call.memory.home === undefined ? undefined : entryOf(call, source, target);
  return protocol.companions.flatMap((name): CompanionFile[] => {
    const read = readAt(call, inSession(source, name));
    if (read.kind === 'unreadable') call.warnings.add(`${name} of ${source} was passed over: it cannot be read safely`);
    if (read.kind !== 'file') return [];
    const there = readAt(call, inSession(target, name));
    const atHome = there.kind === 'file' && left !== undefined && left.companions[name] === sha256(there.bytes);
    if (there.kind !== 'absent' && !atHome) return [];
    const replaces = there.kind === 'file' ? there : undefined;
    return replaces?.bytes.equals(read.bytes) ? [] : [{ name, sha256: sha256(read.bytes), read, replaces }];
  });
}

/** What a keeper's trail says of the session to which its run comes home. */
function entryOf(call: Call, keeper: string, home: string): LeftSession | undefined {
  const trail = readTrail(call, keeper);
  return isKeeper(trail) ? trail.left.find(({ session }) => session === home) : undefined;
}

/**
 * Creates the files that go with a run. One that its runtime made meanwhile stays.
 *
 * @param call - a call that holds the lock
 * @param journal - the transfer
 * @param files - of {@link planCompanions}
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function createCompanions(call: Call, journal: Journal, files: readonly CompanionFile[]): Promise<void> {
  for (const { name, read, replaces } of files) {
    if (replaces !== undefined) {
      quarantine(call, journal.target, journal.transferId, replaces.bytes);
      const replaced = await replaceAt(call, inSession(journal.target, name), replaces, read.bytes);
      if (replaced.kind === 'replaced' && replaced.late === undefined) continue;
      if (replaced.kind === 'replaced' && replaced.late)
        quarantine(call, journal.target, journal.transferId, replaced.late);
    }
    const mode = Number(read.stat.mode) & 0o777;
    if (!createAt(call, inSession(journal.target, name), read.bytes, { mode })) {
      call.warnings.add(`${name} of ${journal.source} was passed over: ${journal.target} has its own`);
    }
  }
}

/**
 * Removes the files that went with a run whose transfer comes to nothing, where they are still what we made.
 *
 * @param call - a call that holds the lock
 * @param journal - the transfer
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export async function removeCompanions(call: Call, { target, transferId, companions }: Journal): Promise<void> {
  for (const { name, sha256: hash } of companions) {
    const read = readAt(call, inSession(target, name));
    if (read.kind !== 'file' || sha256(read.bytes) !== hash) continue;
    const removed = await removeAt(call, inSession(target, name), read);
    if (removed.kind !== 'replaced') continue;
    if (removed.late !== undefined) quarantine(call, target, transferId, removed.late);
    if (removed.syncError !== undefined) throw removed.syncError;
  }
}
