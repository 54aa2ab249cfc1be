import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { readStateFile } from '../../store/file/files/state-file.ts';
import { replaceConfig } from '../install/replace-config.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** What a user keeps of one project: where its runs are, and its name there. */
export interface StoreEntry {
  readonly url: string;
  readonly project: string;
}

/** The entries by the projects' real paths. */
export type StoreEntries = Readonly<Record<string, StoreEntry>>;

/** Of thousands of projects. */
const mostBytes = 1024 * 1024;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the user's list of stores: no link is followed, and what another user could have written, or can read, is refused.
 *
 * @param file - its path
 * @returns no entries where there is no such file
 * @throws Error that says what to do where it cannot be trusted or understood
 */
export function readStores(file: string): StoreEntries {
  const read = readStateFile(file, mostBytes);
  if (read.kind === 'absent') return {};
  if (read.kind === 'unreadable') throw new Error(`${file} cannot be read: it must be a file of yours, no link`);
  const { uid, mode } = read.stat;
  refuseForeign(file, Number(uid), Number(mode), 0o077, 'chmod 600');
  const folder = lstatSync(dirname(file));
  if (folder.isSymbolicLink()) throw new Error(`${dirname(file)} is a link, which is not followed; make it a folder`);
  refuseForeign(dirname(file), folder.uid, folder.mode, 0o022, 'chmod 700');
  const stores = storesIn(read.bytes.toString('utf8'));
  if (stores === undefined) {
    throw new Error(`${file} is no list of stores of this release; move it away, then: forge-resume store use <url>`);
  }
  return stores;
}

/**
 * Changes the list, in one step and one change at a time; a list of nothing is removed. The folder is made where it is
 * missing, for its owner alone.
 *
 * @param file - its path
 * @param change - gives all entries, from those that are there
 * @throws the system's error; Error that says what to do where the list cannot be trusted or understood, or others hold it
 */
export async function changeStores(file: string, change: (stores: StoreEntries) => StoreEntries): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await oneAtATime(`${file}.lock`, () => {
    const stores = change(readStores(file));
    if (Object.keys(stores).length === 0) return rmSync(file, { force: true });
    replaceConfig(file, Buffer.from(`${JSON.stringify({ schema: 1, stores }, null, 2)}\n`), undefined, 0o600);
  });
}

function refuseForeign(path: string, uid: number, mode: number, refused: number, remedy: string): void {
  const user = process.geteuid?.();
  if (user !== undefined && uid !== user)
    throw new Error(
      `${path} belongs to another user (uid ${uid}), you are ${user}: run this as that user, or set HOME`,
    );
  if ((mode & refused) !== 0) throw new Error(`${path} is open to other users; close it: ${remedy} ${path}`);
}

function storesIn(text: string): StoreEntries | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['schema'] !== 1 || !isObject(value['stores'])) return undefined;
  const entries = Object.entries(value['stores']);
  const isEntry = (one: unknown): one is StoreEntry =>
    isObject(one) && typeof one['url'] === 'string' && typeof one['project'] === 'string';
  // Without a prototype: a path is a key like any other.
  const stores: Record<string, StoreEntry> = Object.create(null);
  for (const [path, one] of entries) {
    if (!isEntry(one)) return undefined;
    stores[path] = { url: one.url, project: one.project };
  }
  return stores;
}
