/**
 * What a POSIX file system may show after the power went, given the calls that were made before.
 *
 * Modelled: data written to a file since its last fsync may be missing, cut short, zeroes or there. Entries of a folder
 * (create, rename, link, unlink, mkdir, rmdir) since the folder's last fsync may be lost or kept, any of them without
 * the others, every folder for itself; a rename within one folder happens as a whole, one between two folders may have
 * happened in one of them only. What a completed fsync covered is there: of a file its content, of a folder its
 * entries, and neither stands for the other. The runtime's earlier files count as durable, with all their folders.
 *
 * Not modelled: loss of modes, owners and times (modes come back as they were set last, times as a minute old); damage
 * to what was synced; disks that lie about fsync; old and new sectors mixed within one file; an fsync that fails. The
 * lock that the kernel keeps is gone after a cut, as it is here.
 */
import type { Call } from './switch/order.ts';
import type { Entry, Tree } from './tree.ts';

/** A file or folder, alive as long as something refers to it. */
export type Node = FileNode | FolderNode;

/** A file: what is on the disk for certain, and what programs see. */
export interface FileNode {
  readonly kind: 'file';
  mode: number;
  durable: Buffer;
  now: Buffer;
  dirty: boolean;
}

/** One change of a folder that happens as a whole: names, and what they then stand for (null: nothing). */
export type Change = readonly (readonly [name: string, node: Node | null])[];

/** A folder: the entries that are on the disk for certain, those that programs see, and what lies between. */
export interface FolderNode {
  readonly kind: 'folder';
  mode: number;
  durable: Map<string, Node>;
  now: Map<string, Node>;
  pending: Change[];
}

/** A file system below one folder, and what of it would survive. */
export class Disk {
  readonly root: FolderNode;

  /** @param tree - everything in it is durable */
  constructor(tree: Tree) {
    this.root = newFolder(tree.get('.')?.mode ?? 0o755);
    for (const [path, entry] of tree) {
      if (path === '.') continue;
      const [folder, name] = this.#place(path);
      const node = fromEntry(entry);
      folder.now.set(name, node);
      folder.durable.set(name, node);
    }
  }

  /** Carries out one logged call. Failed calls changed nothing. */
  apply(call: Call): void {
    if (call.failed) return;
    const { name, path, other } = call;
    if (name === 'open') this.#open(call);
    if (name === 'write') this.#edit(path, (now) => splice(now, call.data, call.extra));
    if (name === 'ftruncate') this.#edit(path, (now) => splice(now.subarray(0, call.extra), empty, call.extra));
    if (name === 'fsync') sync(this.#find(path));
    if (name === 'mkdir') this.#change(path, newFolder(call.extra));
    if (name === 'unlink' || name === 'rmdir') this.#change(path, null);
    if (name === 'link') this.#change(other, this.#find(path));
    if (name === 'rename') this.#rename(path, other);
    const node = name === 'chmod' ? this.#find(path) : null;
    if (node !== null) node.mode = call.extra & 0o7777;
  }

  #open({ path, extra }: Call): void {
    if (extra === 0) return;
    if (this.#find(path) === null) this.#change(path, newFile());
    else this.#edit(path, () => empty);
  }

  #rename(path: string, other: string): void {
    const node = this.#find(path);
    const [from, name] = this.#place(path);
    const [to, newName] = this.#place(other);
    if (from === to) {
      commit(from, [
        [name, null],
        [newName, node],
      ]);
      return;
    }
    commit(from, [[name, null]]);
    commit(to, [[newName, node]]);
  }

  #change(path: string, node: Node | null): void {
    const [folder, name] = this.#place(path);
    commit(folder, [[name, node]]);
  }

  #edit(path: string, edit: (now: Buffer) => Buffer): void {
    const file = this.#find(path);
    // A file without a name left cannot come back.
    if (file?.kind !== 'file') return;
    file.now = edit(file.now);
    file.dirty = true;
  }

  #find(path: string): Node | null {
    let node: Node | undefined = this.root;
    if (path === '.') return node;
    for (const name of path.split('/')) node = node?.kind === 'folder' ? node.now.get(name) : undefined;
    return node ?? null;
  }

  #place(path: string): [FolderNode, string] {
    const cut = path.lastIndexOf('/');
    const folder = this.#find(cut < 0 ? '.' : path.slice(0, cut));
    if (folder?.kind !== 'folder') throw new Error(`the model has no folder for ${path}`);
    return [folder, path.slice(cut + 1)];
  }
}

const empty = Buffer.alloc(0);
const newFolder = (mode: number): FolderNode => {
  return { kind: 'folder', mode: mode & 0o7777, durable: new Map(), now: new Map(), pending: [] };
};
const newFile = (): FileNode => ({ kind: 'file', mode: 0o600, durable: empty, now: empty, dirty: true });

function fromEntry(entry: Entry): Node {
  if (entry.kind === 'folder') return newFolder(entry.mode);
  return { kind: 'file', mode: entry.mode, durable: entry.bytes, now: entry.bytes, dirty: false };
}

function sync(node: Node | null): void {
  if (node === null) return;
  if (node.kind === 'file') {
    node.durable = node.now;
    node.dirty = false;
    return;
  }
  node.durable = new Map(node.now);
  node.pending = [];
}

function commit(folder: FolderNode, change: Change): void {
  applyChange(folder.now, change);
  folder.pending.push(change);
}

/** Carries out one change on a folder's entries. */
export function applyChange(entries: Map<string, Node>, change: Change): void {
  for (const [name, node] of change) {
    if (node === null) entries.delete(name);
    else entries.set(name, node);
  }
}

function splice(now: Buffer, data: Buffer, offset: number): Buffer {
  const size = Math.max(now.length, offset + data.length);
  const next = Buffer.alloc(size);
  now.copy(next);
  data.copy(next, offset);
  return next;
}
