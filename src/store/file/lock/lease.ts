import fs from 'fs-extra';
import type { AcquireLockOutput } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import type { LockMode } from '../../../rules/lock-token.ts';
import { changing, isAbsence } from '../files/io.ts';
import { closeRoot, openRoot, type Root } from '../files/root.ts';
import { closeKernelLock, isStillLockFile, tryKernelLock } from './kernel-lock.ts';
import { type HeldFolder, isStillOurs, removeLockFolder, touchLockFolder, tryLockFolder } from './lock-folder.ts';
import { orAborted } from './or-aborted.ts';
import { makeWatch } from './stale-folder.ts';
import { hasLine, joinLine, type Turn } from './turn-queue.ts';

/** How the lock is tried. */
export interface TakeOptions {
  /** Once, in no line, and creating nothing for it. */
  readonly brief: boolean;
  /** Ends the wait in line. */
  readonly signal: AbortSignal | undefined;
}

/** The right to change a state directory, from the moment it is taken until it is closed or lost. */
export interface Lease {
  /**
   * Tries once to take the lock; a lock that was held before is given back first.
   *
   * @param options - how
   * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, or the signal's reason
   */
  readonly take: (options: TakeOptions) => Promise<AcquireLockOutput['kind']>;
  /** What a held lock consists of: the kernel's lock and the folder, or the folder alone. */
  readonly mode: () => LockMode;
  /** The state directory, as long as the lock is held. */
  readonly root: () => Root;
  /**
   * Makes sure that the lock is still ours; to be asked before each write that counts.
   *
   * @throws ForgeResumeError `LOCK_LOST`
   */
  readonly verify: () => void;
  /** Tells older runtimes that the holder lives. */
  readonly touch: () => void;
  /** Whether other calls of this process stand in line. */
  readonly isWaitedFor: () => boolean;
  /** Gives everything back: the folder, the kernel lock, the place in line. Never throws; may be called twice. */
  readonly close: () => void;
}

/**
 * Makes a lease that holds nothing yet.
 *
 * @param stateDir - the state directory, resolved
 */
export function makeLease(stateDir: string): Lease {
  const watch = makeWatch();
  let turn: Turn | undefined;
  let root: Root | undefined;
  let kernelFd: number | undefined;
  let folder: HeldFolder | undefined;
  let closed = false;
  /** The lock file's descriptor, which a failed attempt leaves for the next one. */
  let waitingFd: number | undefined;

  const giveBack = (): void => {
    if (root !== undefined && folder !== undefined) removeLockFolder(root, folder);
    folder = undefined;
    if (kernelFd !== undefined) closeKernelLock(kernelFd);
    kernelFd = undefined;
    if (root !== undefined) closeRoot(root);
    root = undefined;
  };

  const attemptIn = (there: Root, brief: boolean): 'held' | 'busy' | 'watched' => {
    const kernel = tryKernelLock(there, waitingFd, brief);
    waitingFd = kernel.kind === 'busy' ? kernel.fd : undefined;
    if (kernel.kind === 'busy') return 'busy';
    if (kernel.kind === 'held') kernelFd = kernel.fd;
    const taken = tryLockFolder(there, kernel.kind === 'held' ? 'kernel' : 'folder', watch);
    if (typeof taken === 'string') return taken;
    folder = taken;
    return 'held';
  };

  return {
    take: async ({ brief, signal }) => {
      giveBack();
      const stat = present(stateDir, () => fs.statSync(stateDir, { bigint: true }));
      if (stat === undefined) return 'storeMissing';
      const key = `${stat.dev} ${stat.ino}`;
      if (brief && turn === undefined && hasLine(key)) return 'busy';
      turn ??= joinLine(key);
      await orAborted(turn.came, signal);
      // The call may have given up while it stood in line.
      if (closed) return 'busy';
      root = changing(`open ${stateDir}`, () => openRoot(stateDir));
      try {
        return attemptIn(root, brief);
      } finally {
        if (folder === undefined) giveBack();
      }
    },
    mode: () => (kernelFd === undefined ? 'folder' : 'kernel'),
    root: () => {
      if (root === undefined) throw new ForgeResumeError('LOCK_LOST', `the lock of ${stateDir} is not held`);
      return root;
    },
    verify: () => {
      const isHeld =
        root !== undefined &&
        folder !== undefined &&
        (kernelFd === undefined || isStillLockFile(root, kernelFd)) &&
        isStillOurs(root, folder);
      if (!isHeld)
        throw new ForgeResumeError('LOCK_LOST', `the lock of ${stateDir} went to somebody else while it was held`);
    },
    touch: () => {
      if (folder !== undefined) touchLockFolder(folder);
    },
    isWaitedFor: () => turn?.isFollowed() ?? false,
    close: () => {
      closed = true;
      giveBack();
      if (waitingFd !== undefined) closeKernelLock(waitingFd);
      waitingFd = undefined;
      turn?.leave();
      turn = undefined;
    },
  };
}

/** The state directory; undefined where there is none. */
function present<T>(stateDir: string, look: () => T): T | undefined {
  return changing(`look at ${stateDir}`, () => {
    try {
      return look();
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  });
}
