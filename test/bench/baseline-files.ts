import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ForgeResumeError } from '../../src/errors.ts';

/** What reading a JSON file gave. */
export type Read =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' };

const maxBytes = 8 * 1024 * 1024;

/** The code of an operating system error. */
export const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** Any value where a string is expected, trimmed. */
export const text = (value: unknown): string => {
  if (typeof value === 'string') return value.trim();
  if (value === null || value === undefined) return '';
  try {
    return String(value).trim();
  } catch {
    return Object.prototype.toString.call(value);
  }
};

/** Reads and parses a state file (rules 9 and 10): one look, one read, a second read of a file that is being written. */
export async function readJson(path: string, again = true): Promise<Read> {
  let fresh = false;
  try {
    const stat = await lstat(path);
    if (!stat.isFile() || stat.size > maxBytes) return { kind: 'unreadable' };
    fresh = Date.now() - stat.mtimeMs < 1_000;
    const content = await readFile(path, 'utf8');
    return { kind: 'value', value: JSON.parse(content) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return { kind: 'absent' };
    if (!(error instanceof SyntaxError && fresh && again)) return { kind: 'unreadable' };
  }
  await pause(10);
  return readJson(path, false);
}

/** Replaces or creates a run's file by a rename, without syncing anything. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const temp = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temp, JSON.stringify(value, null, 2));
    await rename(temp, path);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw new ForgeResumeError('IO', 'could not write a run', error);
  }
}

/** Makes the folder of a file. */
export async function makeFolderOf(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw new ForgeResumeError('IO', 'could not make a folder', error);
  }
}
