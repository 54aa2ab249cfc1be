import { sep } from 'node:path';
import { holderOf } from '../../../rules/lock-token.ts';
import { protocol } from '../../../rules/protocol.ts';
import { statePaths } from '../files/paths.ts';
import { isStopped, processIdentity } from '../files/process-identity.ts';
import { readStateFile } from '../files/state-file.ts';

const ownerBytes = 4_096;

/** What stands in the way of a call that gave up on the lock. */
export interface LockSight {
  /** The lock folder, in plain words. */
  readonly path: string;
  /** Id of the process that made it, in its own PID namespace; null where `owner` does not tell. */
  readonly pid: number | null;
  /** Whether it is known to be a process of another container or machine. */
  readonly isElsewhere: boolean;
  /** Whether it is known to stand still, by a signal or a debugger. */
  readonly isStopped: boolean;
}

/**
 * Looks who holds the lock, for people: by the time they read it, somebody else may.
 *
 * @param stateDir - the state directory
 */
export function lookAtLock(stateDir: string): LockSight {
  const path = statePaths(stateDir).lockFolder;
  const read = readStateFile(path + sep + protocol.files.lockOwner, ownerBytes);
  const token = read.kind === 'file' ? read.bytes.toString('utf8').trim() : '';
  const holder = holderOf(token);
  const me = processIdentity();
  return {
    path,
    // An older runtime's token has nothing but this in common with ours.
    pid: holder?.pid ?? (Number(/^(\d{1,10})\./.exec(token)?.[1]) || null),
    isElsewhere: holder !== undefined && (holder.bootId !== me.bootId || holder.pidNamespace !== me.pidNamespace),
    isStopped: holder !== undefined && isStopped(holder),
  };
}

/**
 * The same in one sentence.
 *
 * @param sight - what {@link lookAtLock} found
 */
export function lockSentence({ path, pid, isElsewhere, isStopped: stands }: LockSight): string {
  if (pid === null) return `Nothing says any more who holds ${path}.`;
  const who = isElsewhere ? `Process ${pid} of another container or machine` : `Process ${pid}`;
  return `${who} holds ${path}${stands ? ` and stands still; kill -CONT ${pid} lets it go on` : ''}.`;
}
