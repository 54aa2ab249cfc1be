import fs from 'fs-extra';
import { type Folder, inside, pathIn, sync } from './folder.ts';
import { attempt, changing, osCode } from './io.ts';
import { discardTemp, type Traits, verifyTemp, writeTemp } from './temp-file.ts';

/** Codes by which a file system says that it has no hard links, or that we may make none. */
export const cannotLink: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'ERR_ACCESS_DENIED',
]);

/** What a file is created with. */
export interface Creation extends Traits {
  readonly content: Buffer;
  /** Throws `LOCK_LOST` if the lock is not ours any more. */
  readonly verifyLock: () => void;
  /** Whether the folder is synced. */
  readonly syncs: boolean;
  /** Hears that there are no hard links: a file that another program makes at this very moment is then replaced. */
  readonly onNoLinks: () => void;
}

/**
 * Creates a file atomically and durably, only if nothing stands there (src/store/file/README.md#create-replace-remove).
 *
 * @param folder - where
 * @param name - its name
 * @param creation - content and traits
 * @returns false if another program was first
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function createFile(folder: Folder, name: string, creation: Creation): boolean {
  const temp = writeTemp(folder, name, creation.content, creation);
  try {
    creation.verifyLock();
    verifyTemp(folder, temp);
    return changing(`create ${pathIn(folder, name)}`, () => {
      const created = inside(folder, (at) => linkInto(at(temp.name), at(name), creation.onNoLinks));
      if (created && creation.syncs) sync(folder.fd);
      return created;
    });
  } finally {
    discardTemp(folder, temp);
  }
}

function linkInto(temp: string, path: string, onNoLinks: () => void): boolean {
  try {
    fs.linkSync(temp, path);
    return true;
  } catch (error) {
    if (osCode(error) === 'EEXIST') return false;
    if (!cannotLink.has(osCode(error))) throw error;
  }
  onNoLinks();
  if (attempt(() => fs.lstatSync(path)) !== undefined) return false;
  fs.renameSync(temp, path);
  return true;
}
