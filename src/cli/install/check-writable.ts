import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import { Refusal } from './refusal.ts';

/**
 * Looks whether a configuration may be replaced, before anything is asked or written.
 *
 * @param file - as it was read
 * @throws Refusal that says what to do
 */
export function checkWritable({ target, stat }: ConfigFile): void {
  const user = process.geteuid?.();
  if (stat !== undefined && user !== undefined && stat.uid !== user) {
    throw new Refusal(`belongs to another user (uid ${stat.uid}); run this as that user`);
  }
  // Root may write it all the same, and so may whoever owns the folder: it is there on purpose.
  if (stat !== undefined && (stat.mode & 0o222) === 0) {
    const mode = (stat.mode & 0o777).toString(8);
    throw new Refusal(`is read-only (mode ${mode}); allow it with chmod u+w, or change it where it is made`);
  }
  const folder = dirname(target);
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (user !== undefined && there.uid !== user) {
    throw new Refusal(`stands in a folder of another user (uid ${there.uid}); run this as that user`);
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(`stands in a folder that cannot be written (${code}); make ${folder} writable`);
  }
}
