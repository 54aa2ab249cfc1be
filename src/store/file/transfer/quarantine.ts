import { join } from 'node:path';
import fs from 'fs-extra';
import { isSessionId } from '../../../rules/session-id.ts';
import { ensureFolder, syncFolder, writeDurably } from '../files/durable.ts';
import { attempt, changing } from '../files/io.ts';
import type { Call } from './call.ts';

/**
 * Makes the folder in which a transfer's bytes are kept when they are replaced out of the ordinary or removed
 * (protocol.md, promise 2): `quarantine/<time>-<transferId>`.
 *
 * @param call - the call
 * @param transferId - the transfer, or any word where there is none
 * @returns the folder; durable
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE`
 */
export function quarantineFolder(call: Call, transferId: string): string {
  const { paths } = call;
  const like = changing('look at our folder', () => fs.lstatSync(paths.own));
  if (ensureFolder(paths.quarantine, 0o700, like)) syncFolder(paths.own);
  const time = call.now.replaceAll(/[:.]/g, '-');
  const folder = join(paths.quarantine, `${time}-${isSessionId(transferId) ? transferId : 'unknown'}`);
  if (ensureFolder(folder, 0o700, like)) syncFolder(paths.quarantine);
  return folder;
}

/**
 * Keeps a copy of bytes before they are replaced or removed.
 *
 * @param call - the call
 * @param transferId - the transfer that they belong to
 * @param name - file name of the copy
 * @param bytes - what is kept
 * @throws ForgeResumeError `IO`
 */
export function quarantineBytes(call: Call, transferId: string, name: string, bytes: Buffer): void {
  const folder = quarantineFolder(call, transferId);
  const path = join(folder, name);
  if (attempt(() => fs.readFileSync(path))?.equals(bytes)) return;
  const free = attempt(() => fs.lstatSync(path)) === undefined;
  const like = changing('look at our folder', () => fs.lstatSync(folder));
  const unique = free ? path : `${path}.${Date.now().toString(36)}-${process.pid}`;
  writeDurably(unique, bytes, { mode: 0o600, uid: like.uid, gid: like.gid });
  syncFolder(folder);
}

/**
 * Moves a file of ours that cannot be used out of the way.
 *
 * @param call - the call
 * @param transferId - the transfer that it belongs to, if that is known
 * @param path - the file
 * @throws ForgeResumeError `IO`
 */
export function quarantineFile(call: Call, transferId: string, path: string): void {
  const folder = quarantineFolder(call, transferId);
  changing('move a file to quarantine', () => {
    fs.renameSync(path, join(folder, `journal-${Date.now().toString(36)}-${process.pid}.json`));
  });
  syncFolder(folder);
  syncFolder(call.paths.own);
}
