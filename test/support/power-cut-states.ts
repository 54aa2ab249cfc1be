import { createHash } from 'node:crypto';
import { applyChange, type Disk, type FileNode, type FolderNode, type Node } from './power-cut.ts';
import type { Entry, Tree } from './tree.ts';

/** What may be found after a cut at one point. */
export interface CutStates {
  /** How many ways to lose things there are at this point; some look alike. */
  readonly possible: number;
  /** Those that were taken: all of them, or a sample. */
  readonly trees: readonly Tree[];
}

/** Numbers in [0, 1), the same for the same seed (mulberry32's recurrence). */
export type Random = () => number;

/** @param seed - any integer */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The states in which a disk may be found if the power goes now.
 *
 * @param disk - the disk after the calls so far
 * @param most - up to so many states all are taken; beyond, the edges (see below) and a sample of this size
 * @param random - draws the sample
 */
export function cutStates(disk: Disk, most: number, random: Random): CutStates {
  const choices: readonly Choice[] = [...reachable(disk.root)].flatMap((node) => {
    const count = node.kind === 'file' ? contents(node).length : 2 ** node.pending.length;
    return count > 1 ? [{ node, count }] : [];
  });
  const possible = choices.reduce((product, { count }) => product * count, 1);
  const pick = (choose: (count: number) => number): Tree => {
    return treeOf(disk.root, new Map(choices.map(({ node, count }) => [node, choose(count)])));
  };
  if (possible <= most) {
    const all = Array.from({ length: possible }, (_, index) => {
      let rest = index;
      return pick((count) => {
        const chosen = rest % count;
        rest = Math.floor(rest / count);
        return chosen;
      });
    });
    return { possible, trees: all };
  }
  const sample = Array.from({ length: most }, () => pick((count) => Math.floor(random() * count)));
  return { possible, trees: [...edges(disk.root, choices), ...sample] };
}

interface Choice {
  readonly node: Node;
  readonly count: number;
}

/** The states in which bugs hide: all lost, all kept, and everything that differs from these in one place. */
function edges(root: FolderNode, choices: readonly Choice[]): Tree[] {
  const lost = new Map(choices.map(({ node }) => [node, 0]));
  const kept = new Map(choices.map(({ node, count }) => [node, count - 1]));
  const trees = [treeOf(root, lost), treeOf(root, kept)];
  for (const { node, count } of choices) {
    if (node.kind === 'file') {
      for (let option = 0; option < count; option++) trees.push(treeOf(root, new Map(kept).set(node, option)));
      continue;
    }
    for (let bit = 1; bit < count; bit *= 2) {
      trees.push(treeOf(root, new Map(kept).set(node, count - 1 - bit)));
      trees.push(treeOf(root, new Map(kept).set(node, bit - 1)));
      trees.push(treeOf(root, new Map(lost).set(node, bit)));
    }
  }
  return trees;
}

/** A name for everything that can be seen of a tree, modes and times aside. */
export function fingerprint(tree: Tree): string {
  const hash = createHash('sha1');
  for (const [path, entry] of tree)
    hash.update(`${path}\0${entry.kind}\0`).update(entry.kind === 'file' ? entry.bytes : '');
  return hash.digest('base64');
}

/** Contents that a file may come back with; the last is what programs saw. */
function contents({ durable, now, dirty }: FileNode): readonly Buffer[] {
  if (!dirty || (durable.equals(now) && now.length === 0)) return [now];
  return [durable, now.subarray(0, now.length >> 1), Buffer.alloc(now.length), now];
}

function reachable(from: Node, found = new Set<Node>()): Set<Node> {
  if (found.has(from)) return found;
  found.add(from);
  if (from.kind === 'file') return found;
  for (const node of from.durable.values()) reachable(node, found);
  for (const change of from.pending) for (const [, node] of change) if (node !== null) reachable(node, found);
  return found;
}

function treeOf(root: FolderNode, chosen: ReadonlyMap<Node, number>): Tree {
  // A machine takes its time to come back: nothing that it left looks fresh.
  const mtimeMs = Date.now() - 60_000;
  const tree = new Map<string, Entry>([['.', { kind: 'folder', mode: root.mode, mtimeMs }]]);
  const visit = (folder: FolderNode, prefix: string): void => {
    const entries = new Map(folder.durable);
    const kept = chosen.get(folder) ?? 0;
    folder.pending.forEach((change, index) => {
      if (Math.floor(kept / 2 ** index) % 2 === 1) applyChange(entries, change);
    });
    for (const [name, node] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const path = prefix + name;
      if (node.kind === 'folder') {
        tree.set(path, { kind: 'folder', mode: node.mode, mtimeMs });
        visit(node, `${path}/`);
        continue;
      }
      const options = contents(node);
      const bytes = options[chosen.get(node) ?? options.length - 1] ?? node.now;
      tree.set(path, { kind: 'file', mode: node.mode, mtimeMs, bytes });
    }
  };
  visit(root, '');
  return tree;
}
