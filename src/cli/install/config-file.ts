import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Refusal } from './refusal.ts';

/** Largest configuration that is read, bytes. */
const most = 8 * 1024 * 1024;
const mostLinks = 40;
const mark = '\ufeff';

/** A configuration as it stands on disk. */
export interface ConfigFile {
  /** As the agent names it; may be a link. */
  readonly path: string;
  /** The file itself. */
  readonly target: string;
  /** Undefined where nothing stands there. */
  readonly bytes: Buffer | undefined;
  /** Without a byte order mark; empty where nothing stands there. */
  readonly text: string;
  readonly hasMark: boolean;
  /** Mode and group, where it stands there. */
  readonly stat: Stats | undefined;
}

/**
 * Reads a configuration. Links are followed, as people who keep their settings elsewhere make them.
 *
 * @param path - absolute
 * @throws Refusal where it is no regular file, too large, no UTF-8 text, or cannot be read
 */
export function readConfig(path: string): ConfigFile {
  const target = behindLinks(path);
  const found = readRegular(target);
  if (found === undefined) return { path, target, bytes: undefined, text: '', hasMark: false, stat: undefined };
  const text = decoded(found.bytes);
  const hasMark = text.startsWith(mark);
  return { path, target, bytes: found.bytes, text: hasMark ? text.slice(1) : text, hasMark, stat: found.stat };
}

/**
 * The bytes of an edited configuration.
 *
 * @param file - as it was read
 * @param text - as edited
 */
export const encoded = (file: ConfigFile, text: string): Buffer => Buffer.from((file.hasMark ? mark : '') + text);

/**
 * Reads a regular file, without waiting for one that is none.
 *
 * @param path - no link
 * @returns undefined where nothing stands there
 * @throws Refusal where it is something else, too large, or cannot be read
 */
export function readRegular(path: string): { readonly bytes: Buffer; readonly stat: Stats } | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Refusal(
      `cannot be read (${code}); make it readable for this user, or run this as the user it belongs to`,
    );
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Refusal('is no regular file');
    if (stat.size > most) throw new Refusal('is larger than 8 MiB');
    return { bytes: readFileSync(fd), stat };
  } finally {
    closeSync(fd);
  }
}

function behindLinks(path: string): string {
  let here = path;
  for (let links = 0; links < mostLinks; links += 1) {
    if (!lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink()) return here;
    here = resolve(dirname(here), readlinkSync(here));
  }
  throw new Refusal('is a link that leads round in a circle');
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('is no UTF-8 text');
  }
}
