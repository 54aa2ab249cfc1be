import fs from 'node:fs';
import path from 'node:path';

/** One entry of a folder, held in memory. */
export type Entry =
  | { readonly kind: 'folder'; readonly mode: number; readonly mtimeMs: number }
  | { readonly kind: 'file'; readonly mode: number; readonly mtimeMs: number; readonly bytes: Buffer };

/** Everything below a folder: relative path to entry, parents before children; the folder itself is `.`. */
export type Tree = ReadonlyMap<string, Entry>;

/**
 * Reads everything below a folder. Only folders and regular files are expected there.
 *
 * @param root - the folder
 */
export function readTree(root: string): Tree {
  const tree = new Map<string, Entry>();
  const visit = (relative: string): void => {
    const here = path.join(root, relative);
    const stat = fs.lstatSync(here);
    const facts = { mode: stat.mode & 0o7777, mtimeMs: stat.mtimeMs };
    if (stat.isFile()) tree.set(relative, { kind: 'file', ...facts, bytes: fs.readFileSync(here) });
    if (!stat.isDirectory()) return;
    tree.set(relative, { kind: 'folder', ...facts });
    for (const name of fs.readdirSync(here).sort()) visit(relative === '.' ? name : `${relative}/${name}`);
  };
  visit('.');
  return tree;
}

/**
 * Writes a tree, with modes and times.
 *
 * @param root - the folder; made if needed, expected to be empty
 * @param tree - what to write
 */
export function writeTree(root: string, tree: Tree): void {
  for (const [relative, entry] of tree) {
    const here = path.join(root, relative);
    if (entry.kind === 'folder') fs.mkdirSync(here, { recursive: true });
    else fs.writeFileSync(here, entry.bytes);
    fs.chmodSync(here, entry.mode);
  }
  for (const [relative, entry] of [...tree].reverse()) {
    fs.utimesSync(path.join(root, relative), entry.mtimeMs / 1000, entry.mtimeMs / 1000);
  }
}

/**
 * The text of a file in a tree.
 *
 * @returns undefined where there is no such file
 */
export function textIn(tree: Tree, relative: string): string | undefined {
  const entry = tree.get(relative);
  return entry?.kind === 'file' ? entry.bytes.toString('utf8') : undefined;
}
