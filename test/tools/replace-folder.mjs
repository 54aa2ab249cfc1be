import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));

/**
 * Gives a folder exactly these files. Each one changes at once, by rename, so that two builds at the same instant and
 * programs that run meanwhile see whole files only.
 *
 * @param folder - made if needed
 * @param files - contents by path below the folder
 * @param options - `executable`: the file that gets mode 755
 */
export function replaceFolder(folder, files, { executable } = {}) {
  for (const [name, contents] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const temp = `${file}.${process.pid}.tmp`;
    writeFileSync(temp, contents);
    if (name === executable) chmodSync(temp, 0o755);
    renameSync(temp, file);
  }
  for (const name of filesBelow(folder)) {
    if (!files.has(name) && !name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
  }
}
