import { lstatSync, opendirSync, readdirSync } from './node-fs.ts';

/**
 * Largest folder that is listed at once, in bytes as file systems count its entries: some hundred names. Opening a folder
 * for listing in batches takes a process longer, the first time, than to read ten runs.
 */
const smallFolderBytes = 16 * 1024;

/**
 * Whether a folder is so small that it is listed faster at once than in batches.
 *
 * @param path - the folder
 * @throws the system's error
 */
export function isSmallFolder(path: string): boolean {
  return lstatSync(path).size <= smallFolderBytes;
}

/**
 * The first names in a folder, in no order: however many a hostile project puts there, no more are read.
 *
 * @param path - the folder
 * @param most - how many
 * @throws the system's error
 */
export function firstNames(path: string, most: number): string[] {
  if (isSmallFolder(path)) return readdirSync(path).slice(0, most);
  const names: string[] = [];
  const folder = opendirSync(path, { bufferSize: most });
  try {
    while (names.length < most) {
      const entry = folder.readSync();
      if (entry === null) break;
      names.push(entry.name);
    }
    return names;
  } finally {
    folder.closeSync();
  }
}
