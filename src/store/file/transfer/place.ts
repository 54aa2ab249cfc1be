import type { BigIntStats } from 'node:fs';
import { sep } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import { sights } from '../../../rules/trail.ts';
import { createFile } from '../files/create.ts';
import { firstNames } from '../files/first-names.ts';
import { type Folder, inside, makeFolders, sync } from '../files/folder.ts';
import { attempt, changing, osCode } from '../files/io.ts';
import { type Replaced, removeFile, replaceFile } from '../files/replace.ts';
import { ensureBelow, giveBack, openBelow } from '../files/root.ts';
import { type FileContent, type FileRead, readStateFile } from '../files/state-file.ts';
import { removeTemp } from '../files/temp-file.ts';
import { tempName } from '../files/temp-name.ts';
import { fileMode, folderMode } from '../lock/kernel-lock.ts';
import type { Call } from './call.ts';

const { sessionsFolder, ownFolder, forgeState } = protocol.files;

/**
 * A file below the state directory: the folders on the way, then its name. Every one of these functions asks for a call
 * that holds the lock, and reaches the file through descriptors of the folders on the way.
 */
export type Place = readonly string[];

/** A file in a session's folder; by default its run. */
export const inSession = (id: string, name: string = forgeState): Place => [sessionsFolder, id, name];
/** A file of ours. */
export const inOwn = (...names: readonly string[]): Place => [ownFolder, ...names];

/** Its path in plain words, for messages. */
export const pathOf = ({ paths }: Call, place: Place): string => [paths.stateDir, ...place].join(sep);

/** Reads a file, `limit` bytes at most; it never throws. */
export function readAt(call: Call, place: Place, limit?: number): FileRead {
  const planned = call.dry?.read(place, limit);
  if (planned !== undefined) return planned;
  try {
    return (
      ifThere(call, place, (folder, name) => inside(folder, (at) => readStateFile(at(name), limit))) ?? {
        kind: 'absent',
      }
    );
  } catch {
    return { kind: 'unreadable' };
  }
}

/** What stands at a place; undefined where nothing does, or where it cannot be known. */
export function statAt(call: Call, place: Place): BigIntStats | undefined {
  const planned = call.dry?.read(place);
  if (planned !== undefined) return planned.kind === 'file' ? planned.stat : undefined;
  return attempt(() =>
    ifThere(call, place, (folder, name) => inside(folder, (at) => fs.lstatSync(at(name), { bigint: true }))),
  );
}

/** The first names in a folder, `most` at most, whatever a hostile project puts there; none where it cannot be listed. */
export function namesAt(call: Call, folder: Place, most: number): readonly string[] {
  const names =
    attempt(() => ifThere(call, [...folder, '.'], (opened) => inside(opened, (at) => firstNames(at('.'), most)))) ?? [];
  return call.dry?.names(folder, names) ?? names;
}

/** How a file is created. */
interface Creating {
  /** Its permission bits; default those of our files. */
  readonly mode?: number;
  /** Whether its folder is synced; default true. */
  readonly syncs?: boolean;
}

/**
 * Creates a file where nothing stands, with the folders on the way, durably.
 *
 * @returns false if something stands there
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function createAt(call: Call, place: Place, content: Buffer, { mode, syncs = true }: Creating = {}): boolean {
  return changing(`create ${pathOf(call, place)}`, () => {
    const root = call.lease.root();
    if (call.dry !== undefined) {
      // Folders on the way that are links are refused before anybody looks what stands there.
      const isThere = statAt(call, place) !== undefined;
      if (!isThere) call.dry.put(root, place, content, mode ?? fileMode(root));
      else call.dry.check(root, place);
      return !isThere;
    }
    const onNoLinks = (): unknown =>
      call.warnings.add('this file system has no hard links: a run started at the moment of a hand-over is lost');
    const file = { content, mode: mode ?? fileMode(root), verifyLock: call.lease.verify, onNoLinks, syncs };
    const folder = ensureBelow(root, place.slice(0, -1), folderMode(root));
    try {
      return createFile(folder, place.at(-1) ?? '', file);
    } finally {
      giveBack(root, folder);
    }
  });
}

/**
 * Replaces a file, only if it still holds what was read.
 *
 * @param syncs - whether its folder is synced
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`; never once it took effect
 */
export function replaceAt(
  call: Call,
  place: Place,
  read: FileContent,
  content: Buffer,
  syncs = true,
): Promise<Replaced> {
  if (call.dry !== undefined) return dryExchange(call, place, read, content);
  return exchangeAt(call, place, (folder, name) => replaceFile(folder, name, read, content, call.lease.verify, syncs));
}

/**
 * Removes a file, only if it still holds what was read.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function removeAt(call: Call, place: Place, read: FileContent): Promise<Replaced> {
  if (call.dry !== undefined) return dryExchange(call, place, read, null);
  return exchangeAt(call, place, (folder, name) => removeFile(folder, name, read, call.lease.verify));
}

/**
 * Makes folders of ours that are not there, durably, with one sync.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function makeOwn(call: Call, ...names: readonly string[]): void {
  changing(`make folders in ${call.paths.own}`, () => {
    const root = call.lease.root();
    if (call.dry !== undefined) return call.dry.check(root, inOwn('.'));
    const own = ensureBelow(root, [ownFolder], folderMode(root));
    try {
      makeFolders(own, names, folderMode(root));
    } finally {
      giveBack(root, own);
    }
  });
}

/**
 * Writes a file of ours whole, whatever stands there; its folder is left to {@link syncAt}.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function putAt(call: Call, place: Place, content: Buffer): Promise<void> {
  const read = readAt(call, place);
  if (read.kind === 'unreadable') unlinkAt(call, place);
  const replaced =
    read.kind === 'file'
      ? await replaceAt(call, place, read, content, false)
      : createAt(call, place, content, { syncs: false });
  if (replaced === false || (replaced !== true && replaced.kind === 'changed')) {
    throw new ForgeResumeError('LOCK_LOST', `${pathOf(call, place)} was written while the lock was held`);
  }
}

/**
 * Removes a file of ours; nothing there is no error. That it is gone needs no sync: what a power cut brings back was
 * true once, and is judged anew.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function unlinkAt(call: Call, place: Place): void {
  call.lease.verify();
  changing(`remove ${pathOf(call, place)}`, () => {
    if (call.dry !== undefined) return void call.dry.put(call.lease.root(), place, null);
    return ifThere(call, place, (folder, name) => {
      try {
        inside(folder, (at) => fs.unlinkSync(at(name)));
      } catch (error) {
        if (osCode(error) !== 'ENOENT') throw error;
      }
    });
  });
}

/** Removes a folder of ours if nothing is in it. Never throws. */
export function rmdirAt(call: Call, place: Place): void {
  if (call.dry !== undefined) return;
  attempt(() => ifThere(call, place, (folder, name) => inside(folder, (at) => fs.rmdirSync(at(name)))));
}

/** Removes what a dead call left beside files of one folder. Never throws. */
export function clearAt(call: Call, folder: Place, ...names: readonly string[]): void {
  if (call.dry !== undefined) return;
  attempt(() =>
    ifThere(call, [...folder, ''], (opened) => {
      for (const name of names) {
        const left = attempt(() => inside(opened, (at) => fs.lstatSync(at(tempName(name)), { throwIfNoEntry: false })));
        if (left === undefined) continue;
        // Where the lock was lost, it is the next holder's.
        call.lease.verify();
        removeTemp(opened, name);
      }
    }),
  );
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

/** Opens the folder of a place if it is there, for as long as an action takes. */
export function ifThere<T>(call: Call, place: Place, action: (folder: Folder, name: string) => T): T | undefined {
  const root = call.lease.root();
  const folder = openBelow(root, place.slice(0, -1));
  if (folder === undefined) return undefined;
  try {
    return action(folder, place.at(-1) ?? '');
  } finally {
    giveBack(root, folder);
  }
}

async function exchangeAt(
  call: Call,
  place: Place,
  action: (folder: Folder, name: string) => Promise<Replaced>,
): Promise<Replaced> {
  const root = call.lease.root();
  const folder = changing(`open the folder of ${pathOf(call, place)}`, () => openBelow(root, place.slice(0, -1)));
  if (folder === undefined) return { kind: 'changed' };
  try {
    return await action(folder, place.at(-1) ?? '');
  } finally {
    giveBack(root, folder);
  }
}

/** What {@link replaceAt} and {@link removeAt} plan where nothing is written. */
async function dryExchange(call: Call, place: Place, read: FileContent, content: Buffer | null): Promise<Replaced> {
  const now = readAt(call, place);
  if (now.kind !== 'file' || !now.bytes.equals(read.bytes)) return { kind: 'changed' };
  const seen = changing(`write ${pathOf(call, place)} anew`, () =>
    call.dry?.put(call.lease.root(), place, content, now.stat),
  );
  return { kind: 'replaced', seen: seen ?? sights.absent };
}
