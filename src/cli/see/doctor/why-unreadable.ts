import { lstatSync } from 'node:fs';
import { attempt } from '../../../store/file/files/io.ts';
import { whyUnsafe } from '../../../store/file/files/passed-over.ts';

/**
 * Why a file of state says nothing, in words.
 *
 * @param file - one that could not be read
 */
export function whyUnreadable(file: string): string {
  const unsafe = whyUnsafe(file);
  if (unsafe !== undefined) return `it ${unsafe}`;
  return attempt(() => lstatSync(file).size) === 0 ? 'it is empty' : 'it cannot be read, or does not parse';
}
