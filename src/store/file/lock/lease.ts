import { resolve } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { ensureFolder } from '../files/durable.ts';
import { attempt, changing, isAbsence } from '../files/io.ts';
import type { StatePaths } from '../files/paths.ts';
import { closeKernelLock, isStillLockFile, tryKernelLock } from './kernel-lock.ts';
import { type HeldFolder, isStillOurs, removeLockFolder, touchLockFolder, tryLockFolder } from './lock-folder.ts';
import { readLockNotes } from './lock-notes.ts';
import { orAborted } from './or-aborted.ts';
import { hasLine, joinLine, type Turn } from './turn-queue.ts';

/** How the lock is tried. */
export interface TakeOptions {
  readonly brief: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The right to change a state directory, from the moment it is taken until it is closed or lost. */
export interface Lease {
  /**
   * Tries once to take the lock; a lock that was held before is given back first.
   *
   * @param options - `signal` ends the wait in line; `brief` waits in no line and creates nothing for the try
   * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, or the signal's reason
   */
  readonly take: (options: TakeOptions) => Promise<'held' | 'busy' | 'storeMissing'>;
  /**
   * Makes sure that the lock is still ours; to be asked before each write that counts.
   *
   * @throws ForgeResumeError `LOCK_LOST`
   */
  readonly verify: () => void;
  /** Tells older runtimes that the holder lives. */
  readonly touch: () => void;
  /** Gives everything back: the folder, the kernel lock, the place in line. Never throws; may be called twice. */
  readonly close: () => void;
}

/**
 * Makes a lease that holds nothing yet.
 *
 * @param paths - the state directory
 */
export function makeLease(paths: StatePaths): Lease {
  let turn: Turn | undefined;
  let kernelFd = -1;
  let folder: HeldFolder | undefined;
  let closed = false;
  /** What a failed attempt leaves for the next one. */
  let waiting: { readonly fd: number; readonly stateDir: fs.Stats } | undefined;

  const giveBack = (): void => {
    if (folder !== undefined) removeLockFolder(paths, folder);
    folder = undefined;
    if (kernelFd !== -1) closeKernelLock(kernelFd);
    kernelFd = -1;
  };

  return {
    take: async ({ brief, signal }) => {
      giveBack();
      const key = resolve(paths.stateDir);
      if (brief && hasLine(key)) return 'busy';
      turn ??= joinLine(key);
      await orAborted(turn.came, signal);
      // The call may have given up while it stood in line.
      if (closed) return 'busy';
      const stateDir = waiting?.stateDir ?? statOrAbsent(paths.stateDir);
      if (stateDir === undefined) return 'storeMissing';
      if (waiting === undefined && !hasOwnFolder(paths)) {
        if (brief) return 'busy';
        ensureFolder(paths.own, 0o700, stateDir);
      }
      const opened = waiting?.fd;
      waiting = undefined;
      const kernel = tryKernelLock(paths.kernelLock, stateDir, opened, brief ? 'existing' : 'any');
      waiting = kernel.kind === 'busy' && kernel.fd !== undefined ? { fd: kernel.fd, stateDir } : undefined;
      if (kernel.kind === 'busy') return 'busy';
      if (kernel.kind === 'held') kernelFd = kernel.fd;
      try {
        const notes = kernel.kind === 'held' ? readLockNotes(kernelFd) : undefined;
        folder = tryLockFolder(paths, kernel.kind === 'held' ? 'kernel' : 'folder', stateDir, notes);
      } finally {
        if (folder === undefined) giveBack();
      }
      return folder === undefined ? 'busy' : 'held';
    },
    verify: () => {
      const kernelOurs = kernelFd === -1 || isStillLockFile(kernelFd, paths.kernelLock);
      if (folder !== undefined && kernelOurs && isStillOurs(paths, folder)) return;
      throw new ForgeResumeError('LOCK_LOST', 'the lock went to somebody else while it was held');
    },
    touch: () => {
      if (folder !== undefined) touchLockFolder(folder);
    },
    close: () => {
      closed = true;
      giveBack();
      if (waiting !== undefined) closeKernelLock(waiting.fd);
      waiting = undefined;
      turn?.leave();
      turn = undefined;
    },
  };
}

function statOrAbsent(path: string): fs.Stats | undefined {
  return changing('look at the state directory', () => {
    try {
      return fs.statSync(path, { throwIfNoEntry: false });
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  });
}

function hasOwnFolder(paths: StatePaths): boolean {
  const there = attempt(() => fs.lstatSync(paths.own, { throwIfNoEntry: false }));
  if (there?.isSymbolicLink()) throw new ForgeResumeError('STATE_UNSAFE', `${paths.own} is a symbolic link`);
  return there !== undefined;
}
