import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { type Folder, inside, pathIn, sync } from './folder.ts';
import { attempt, changing } from './io.ts';
import { isSameFile } from './state-file.ts';
import { tempName } from './temp-name.ts';

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;

/** What a new file takes over from the one that it stands for. */
export interface Traits {
  /** Permission bits. */
  readonly mode: number;
  /** Kept where we may. */
  readonly gid?: bigint;
}

/** A file that is whole and durable but not yet in its place. */
export interface TempFile {
  readonly fd: number;
  readonly name: string;
}

/**
 * Writes a file's successor beside it, durably; what a dead call left under its name goes. On failure nothing stays.
 *
 * @param folder - where the file is to stand
 * @param name - the file's name
 * @param content - all of it
 * @param traits - its mode and group
 * @throws ForgeResumeError `IO`
 */
export function writeTemp(folder: Folder, name: string, content: Buffer, traits: Traits): TempFile {
  return changing(`write ${pathIn(folder, name)} anew`, () => {
    const temp = tempName(name);
    removeTemp(folder, name);
    const fd = inside(folder, (at) => fs.openSync(at(temp), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
    try {
      writeAll(fd, content);
      takeOver(fd, traits);
      sync(fd);
      return { fd, name: temp };
    } catch (error) {
      discardTemp(folder, { fd, name: temp });
      throw error;
    }
  });
}

/**
 * Makes sure that a temp file is still what we wrote: a lock's next holder writes under the same name.
 *
 * @param folder - where it stands
 * @param temp - the file
 * @throws ForgeResumeError `LOCK_LOST`
 */
export function verifyTemp(folder: Folder, temp: TempFile): void {
  if (!isStillOurs(folder, temp)) throw new ForgeResumeError('LOCK_LOST', `${pathIn(folder, temp.name)} was exchanged`);
}

/** Gives a temp file's descriptor back, and takes the file away where it was not put in its place. Never throws. */
export function discardTemp(folder: Folder, temp: TempFile): void {
  // Once more, since later calls look for it only where they write.
  for (let tries = 0; tries < 2 && attempt(() => isStillOurs(folder, temp)); tries += 1) {
    attempt(() => inside(folder, (at) => fs.unlinkSync(at(temp.name))));
  }
  attempt(() => fs.closeSync(temp.fd));
}

/** Removes what a dead call left beside a file. Never throws. */
export function removeTemp(folder: Folder, name: string): void {
  attempt(() => inside(folder, (at) => fs.unlinkSync(at(tempName(name)))));
}

function isStillOurs(folder: Folder, { fd, name }: TempFile): boolean {
  const there = attempt(() => inside(folder, (at) => fs.lstatSync(at(name), { bigint: true })));
  return there !== undefined && isSameFile(there, fs.fstatSync(fd, { bigint: true }));
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(fd, bytes, written, bytes.length - written);
}

/** The group goes first: giving a file away clears bits of its mode. */
function takeOver(fd: number, { mode, gid }: Traits): void {
  if (gid !== undefined && fs.fstatSync(fd, { bigint: true }).gid !== gid) {
    attempt(() => fs.fchownSync(fd, -1, Number(gid)));
  }
  if (mode !== 0o600) attempt(() => fs.fchmodSync(fd, mode));
}
