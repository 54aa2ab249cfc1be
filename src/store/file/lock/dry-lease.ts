import { lstatSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import { closeFolder } from '../files/folder.ts';
import { attempt, changing, isAbsence } from '../files/io.ts';
import { closeRoot, openBelow, openRoot, type Root } from '../files/root.ts';
import { hasKernelLocks } from './addon.ts';
import type { Lease } from './lease.ts';

const { ownFolder, kernelLock } = protocol.files;

/**
 * The lease of a call that writes nothing: it takes no lock, is never refused one, and fails where a real one could not
 * be taken whoever holds it.
 *
 * @param stateDir - the state directory, resolved
 */
export function dryLease(stateDir: string): Lease {
  let root: Root | undefined;
  const close = (): void => {
    if (root !== undefined) closeRoot(root);
    root = undefined;
  };
  return {
    take: async () => {
      close();
      if (!isThere(stateDir)) return 'storeMissing';
      root = changing(`open ${stateDir}`, () => openRoot(stateDir));
      refuseOdd(root);
      return 'held';
    },
    mode: () => (hasKernelLocks() ? 'kernel' : 'folder'),
    root: () => {
      if (root === undefined) throw new ForgeResumeError('LOCK_LOST', `the lock of ${stateDir} is not held`);
      return root;
    },
    verify: () => undefined,
    touch: () => undefined,
    isWaitedFor: () => false,
    close,
  };
}

function isThere(stateDir: string): boolean {
  return changing(`look at ${stateDir}`, () => {
    try {
      statSync(stateDir);
      return true;
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  });
}

/** What stands where the lock's file is to be. */
function refuseOdd(root: Root): void {
  if (!hasKernelLocks()) return;
  const path = [root.path, ownFolder, kernelLock].join(sep);
  const own = changing(`open ${path}`, () => openBelow(root, [ownFolder]));
  if (own === undefined) {
    const stat = attempt(() => lstatSync(root.path + sep + ownFolder));
    if (stat !== undefined) throw new ForgeResumeError('IO', `could not open ${path}`, new Error('no folder'));
    return;
  }
  if (own !== root && ![...root.held.values()].includes(own)) closeFolder(own);
  const lock = attempt(() => lstatSync(path));
  if (lock !== undefined && !lock.isFile()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is no regular file`);
}
