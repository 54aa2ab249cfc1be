import fs from 'fs-extra';
import { protocol } from '../../../rules/protocol.ts';
import { cannotLink } from '../files/create.ts';
import { closeFolder, type Folder, inside, openFolder, sync } from '../files/folder.ts';
import { attempt, osCode } from '../files/io.ts';
import type { StatePaths } from '../files/paths.ts';
import { closeRoot, ensureBelow, giveBack, openRoot, type Root } from '../files/root.ts';
import { folderMode } from '../lock/kernel-lock.ts';

const { lockFolder, lockOwner, ownFolder, quarantineFolder } = protocol.files;

/**
 * Keeps the token of a dead lock in quarantine before anybody takes the lock: whoever takes it removes the token first,
 * and may be killed right then. A second name for the same file needs no lock. Nothing is done where there is no token,
 * something has the name already, or files have no second names.
 *
 * @param paths - the state directory's
 * @param name - under which name
 * @throws ForgeResumeError `STATE_UNSAFE`; the system's error
 */
export function keepToken({ stateDir }: StatePaths, name: string): void {
  const root = openRoot(stateDir);
  const lock = attempt(() => openFolder(root, lockFolder));
  try {
    const isThere = lock && attempt(() => inside(lock, (at) => fs.lstatSync(at(lockOwner))))?.isFile();
    if (isThere) linkToken(root, lock, name);
  } finally {
    if (lock !== undefined) closeFolder(lock);
    closeRoot(root);
  }
}

function linkToken(root: Root, lock: Folder, name: string): void {
  const quarantine = ensureBelow(root, [ownFolder, quarantineFolder], folderMode(root));
  try {
    inside(lock, (from) => inside(quarantine, (to) => fs.linkSync(from(lockOwner), to(name))));
    sync(quarantine.fd);
  } catch (error) {
    // Somebody may have taken the lock away meanwhile.
    if (!['EEXIST', 'ENOENT'].includes(osCode(error)) && !cannotLink.has(osCode(error))) throw error;
  } finally {
    giveBack(root, quarantine);
  }
}
