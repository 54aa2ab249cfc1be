import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ListedRun, listRun } from '../listed-run.ts';
import { type Piece, readEnds, readPiece } from './recording-file.ts';

/** What is shown: the recordings of a folder, one file, or nothing but what is dropped on the page. */
export type Shown =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'nothing' };

/** Where the system tells nothing of changes, or not of all, somebody looks so often, milliseconds. */
const lookAgainMs = 1_000;

/** How long changes are gathered before they are told, milliseconds. */
const gatherMs = 30;

/** The recordings that are served, and nothing else of the disk. */
export class Recordings {
  readonly #shown: Shown;
  #runs = new Map<string, ListedRun>();
  #watcher: fs.FSWatcher | undefined;
  #timers: NodeJS.Timeout[] = [];

  /** @param shown - what is to be shown; it may come into being later */
  constructor(shown: Shown) {
    this.#shown = shown;
    this.#look();
  }

  /** Every recording, the newest first. */
  list(): ListedRun[] {
    return [...this.#runs.values()].sort((a, b) => b.header.at.localeCompare(a.header.at));
  }

  /**
   * Lines of a recording.
   *
   * @param id - as the list has it
   * @param from - bytes from the start
   */
  read(id: string, from: number): Piece | undefined {
    const run = this.#runs.get(id);
    return run && readPiece(this.#pathOf(run.name), from);
  }

  /**
   * Tells of recordings that are new or have grown.
   *
   * @param onChange - gets those that changed
   */
  watch(onChange: (changed: readonly ListedRun[]) => void): void {
    if (this.#shown.kind === 'nothing') return;
    const look = (): void => {
      const changed = this.#look();
      if (changed.length > 0) onChange(changed);
      this.#attach(soon);
    };
    let pending: NodeJS.Timeout | undefined;
    const soon = (): void => {
      pending ??= setTimeout(() => {
        pending = undefined;
        look();
      }, gatherMs);
      this.#timers[1] = pending;
    };
    this.#timers[0] = setInterval(look, lookAgainMs);
    this.#attach(soon);
  }

  /** Watches no more. */
  close(): void {
    this.#watcher?.close();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** The folder may come into being after us, and a watcher dies with its folder. */
  #attach(onEvent: () => void): void {
    if (this.#watcher !== undefined) return;
    try {
      this.#watcher = fs.watch(this.#folder, onEvent);
      this.#watcher.once('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
      });
    } catch {
      // What the system does not tell is seen by looking.
    }
  }

  get #folder(): string {
    if (this.#shown.kind === 'nothing') return '';
    return this.#shown.kind === 'folder' ? this.#shown.path : dirname(this.#shown.path);
  }

  #pathOf(name: string): string {
    return join(this.#folder, name);
  }

  #names(): string[] {
    if (this.#shown.kind !== 'folder') return this.#shown.kind === 'file' ? [basename(this.#shown.path)] : [];
    try {
      return fs.readdirSync(this.#shown.path).filter((name) => name.endsWith('.jsonl'));
    } catch {
      return [];
    }
  }

  /** Looks at all of them and returns what changed. */
  #look(): ListedRun[] {
    const before = this.#runs;
    const changed: ListedRun[] = [];
    this.#runs = new Map();
    for (const name of this.#names()) {
      const id = idOf(name);
      const known = before.get(id);
      const size = sizeOf(this.#pathOf(name));
      if (known !== undefined && known.size === size) {
        this.#runs.set(id, known);
        continue;
      }
      const lines = size === undefined ? undefined : readEnds(this.#pathOf(name));
      const run = lines && listRun({ id, name, size: size ?? 0 }, lines);
      if (run === undefined) continue;
      this.#runs.set(id, run);
      changed.push(run);
    }
    return changed;
  }
}

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 16);

function sizeOf(path: string): number | undefined {
  try {
    const stat = fs.lstatSync(path);
    return stat.isFile() ? stat.size : undefined;
  } catch {
    return undefined;
  }
}
