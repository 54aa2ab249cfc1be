import { closeFolder, ensureFolder, type Folder, holdFolder, openFolder } from './folder.ts';
import { isAbsence } from './io.ts';

/**
 * The state directory with the folders right below it that were used: nobody removes those, so each is opened once and
 * held as long as the directory. A session's folder is not: a person may archive it meanwhile.
 */
export interface Root extends Folder {
  readonly held: Map<string, Folder>;
}

/**
 * Opens the state directory. Links at or above it are followed.
 *
 * @param path - resolved
 */
export function openRoot(path: string): Root {
  return { ...holdFolder(path, path, 0), held: new Map() };
}

/** Closes the state directory and what is held of it. */
export function closeRoot(root: Root): void {
  for (const folder of root.held.values()) closeFolder(folder);
  root.held.clear();
  closeFolder(root);
}

/**
 * Opens a folder below the state directory, to be given back.
 *
 * @param root - the state directory
 * @param names - the folders on the way, the wanted one last
 * @returns undefined where one of them is not there
 * @throws ForgeResumeError `STATE_UNSAFE`; the system's error
 */
export function openBelow(root: Root, names: readonly string[]): Folder | undefined {
  try {
    return descend(root, names, openFolder);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/**
 * Opens a folder below the state directory, to be given back; it and those on the way are made if they are not there,
 * durably.
 *
 * @param root - the state directory
 * @param names - the folders on the way, the wanted one last
 * @param mode - permission bits of new ones
 * @throws ForgeResumeError `STATE_UNSAFE`; the system's error
 */
export function ensureBelow(root: Root, names: readonly string[], mode: number): Folder {
  return descend(root, names, (parent, name) => ensureFolder(parent, name, mode));
}

/** Gives a folder back that was opened below the state directory. */
export function giveBack(root: Root, folder: Folder): void {
  if (folder !== root && ![...root.held.values()].includes(folder)) closeFolder(folder);
}

function descend(root: Root, names: readonly string[], open: (parent: Folder, name: string) => Folder): Folder {
  let folder: Folder = root;
  for (const name of names) {
    const parent = folder;
    try {
      folder = (parent === root ? root.held.get(name) : undefined) ?? open(parent, name);
    } finally {
      giveBack(root, parent);
    }
    if (parent === root) root.held.set(name, folder);
  }
  return folder;
}
