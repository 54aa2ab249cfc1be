import { opendirSync } from 'node:fs';

/**
 * The first names in a folder, in no order: however many a hostile project puts there, no more are read.
 *
 * @param path - the folder
 * @param most - how many
 */
export function firstNames(path: string, most: number): string[] {
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
