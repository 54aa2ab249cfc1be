import { protocol } from '../../../rules/protocol.ts';
import { makeFolders, sync } from '../files/folder.ts';
import { changing } from '../files/io.ts';
import { ensureBelow, giveBack } from '../files/root.ts';
import { folderMode } from '../lock/kernel-lock.ts';
import type { Call } from './call.ts';
import { ifThere, inOwn, type Place, pathOf } from './place.ts';

/**
 * Makes folders of ours that are not there, durably, with one sync.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function makeOwn(call: Call, ...names: readonly string[]): void {
  changing(`make folders in ${call.paths.own}`, () => {
    const root = call.lease.root();
    if (call.dry !== undefined) return call.dry.check(root, inOwn('.'));
    const own = ensureBelow(root, [protocol.files.ownFolder], folderMode(root));
    try {
      makeFolders(own, names, folderMode(root));
    } finally {
      giveBack(root, own);
    }
  });
}

/**
 * Makes what was done in a folder durable, also by an earlier call that was stopped before it could.
 *
 * @returns false where that cannot be done
 * @throws ForgeResumeError `IO`
 */
export function syncAt(call: Call, ...folders: readonly Place[]): boolean {
  const synced = folders.map(
    (folder) =>
      // On a file system that is mounted read-only, nothing can be synced, and nothing was written.
      call.dry !== undefined ||
      changing(`sync ${pathOf(call, folder)}`, () => ifThere(call, [...folder, '.'], ({ fd }) => sync(fd)) ?? true),
  );
  return !synced.includes(false);
}
