import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import { createFile } from '../files/create.ts';
import { firstNames } from '../files/first-names.ts';
import { closeFolder, ensureFolder, type Folder, inside, openBelow, sync } from '../files/folder.ts';
import { attempt, changing, osCode } from '../files/io.ts';
import { replaceFile } from '../files/replace.ts';
import { type FileRead, readStateFile } from '../files/state-file.ts';
import { removeTemp } from '../files/temp-file.ts';
import { ensureOwnFolder, fileMode, folderMode } from '../lock/kernel-lock.ts';
import type { Call } from './call.ts';
import { creationIn } from './run-file.ts';

const { ownFolder } = protocol.files;

/** A file in our folder: in one of its folders, or beside them. */
export interface OwnFile {
  readonly folder?: string;
  readonly name: string;
}

/**
 * Reads a file of ours; it never throws.
 *
 * @param call - a call that holds the lock
 * @param file - which
 * @param limit - largest size that is read, bytes
 */
export function readOwn(call: Call, { folder, name }: OwnFile, limit?: number): FileRead {
  try {
    return (
      listing(call, folder, (opened) => inside(opened, (at) => readStateFile(at(name), limit))) ?? { kind: 'absent' }
    );
  } catch {
    return { kind: 'unreadable' };
  }
}

/**
 * Creates a file of ours where nothing stands, with its folder, durably.
 *
 * @param call - a call that holds the lock
 * @param file - which
 * @param content - all of it
 * @returns false if something stands there
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function createOwn(call: Call, file: OwnFile, content: Buffer): boolean {
  return changing(`write ${file.name}`, () => {
    const folder = openOwn(call, file.folder);
    try {
      return createFile(folder, file.name, { content, mode: fileMode(call.lease.root()), ...creationIn(call) });
    } finally {
      closeFolder(folder);
    }
  });
}

/**
 * Writes a file of ours whole, whatever stands there, durably.
 *
 * @param call - a call that holds the lock
 * @param file - which
 * @param content - all of it
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function putOwn(call: Call, file: OwnFile, content: Buffer): Promise<void> {
  const read = readOwn(call, file);
  if (read.kind !== 'file') {
    if (read.kind === 'unreadable') removeOwn(call, file);
    if (createOwn(call, file, content)) return;
    throw new ForgeResumeError('LOCK_LOST', `${file.name} was written while the lock was held`);
  }
  const folder = changing(`write ${file.name}`, () => openOwn(call, file.folder));
  try {
    const replaced = await replaceFile(folder, file.name, read, content, call.lease.verify);
    if (replaced.kind === 'changed') {
      throw new ForgeResumeError('LOCK_LOST', `${file.name} was changed while the lock was held`);
    }
    if (replaced.syncError !== undefined) throw replaced.syncError;
  } finally {
    closeFolder(folder);
  }
}

/**
 * Removes a file of ours, durably; nothing there is no error.
 *
 * @param call - a call that holds the lock
 * @param file - which
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function removeOwn(call: Call, { folder, name }: OwnFile): void {
  call.lease.verify();
  changing(`remove ${name}`, () =>
    listing(call, folder, (opened) => {
      try {
        inside(opened, (at) => fs.unlinkSync(at(name)));
      } catch (error) {
        if (osCode(error) !== 'ENOENT') throw error;
      }
      sync(opened.fd);
    }),
  );
}

/**
 * Removes what a dead call left beside a file of ours. Never throws.
 *
 * @param call - a call that holds the lock
 * @param file - which
 */
export function clearOwn(call: Call, { folder, name }: OwnFile): void {
  attempt(() => listing(call, folder, (opened) => removeTemp(opened, name)));
}

/**
 * Names in one of our folders.
 *
 * @param call - a call that holds the lock
 * @param folder - which
 * @param most - so many are read, whatever a hostile project puts there
 * @returns none where it cannot be listed
 */
export function namesInOwn(call: Call, folder: string, most: number): readonly string[] {
  return attempt(() => listing(call, folder, (opened) => inside(opened, (at) => firstNames(at('.'), most)))) ?? [];
}

/** Opens one of our folders if it is there, for as long as an action takes. */
function listing<T>(call: Call, folder: string | undefined, action: (opened: Folder) => T): T | undefined {
  const opened = openBelow(call.lease.root(), ownFolder, ...(folder === undefined ? [] : [folder]));
  if (opened === undefined) return undefined;
  try {
    return action(opened);
  } finally {
    closeFolder(opened);
  }
}

function openOwn(call: Call, folder: string | undefined): Folder {
  const root = call.lease.root();
  const own = ensureOwnFolder(root);
  if (folder === undefined) return own;
  try {
    return ensureFolder(own, folder, folderMode(root));
  } finally {
    closeFolder(own);
  }
}
