import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Changed, type ListedRun, listRun } from '../listed-run.ts';
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
  #runs = new Map<string, Seen>();
  #watcher: fs.FSWatcher | undefined;
  #timers: NodeJS.Timeout[] = [];

  /** @param shown - what is to be shown; it may come into being later */
  constructor(shown: Shown) {
    this.#shown = shown;
    this.#look();
  }

  /** Every recording, the newest first. */
  list(): ListedRun[] {
    return [...this.#runs.values()].map(({ run }) => run).sort((a, b) => b.header.at.localeCompare(a.header.at));
  }

  /**
   * Lines of a recording.
   *
   * @param id - as the list has it
   * @param from - bytes from the start
   */
  read(id: string, from: number): Piece | undefined {
    const seen = this.#runs.get(id);
    return seen && readPiece(this.#pathOf(seen.run.name), from);
  }

  /**
   * Tells of recordings that come, grow, are replaced or go.
   *
   * @param onChange - is told what changed
   */
  watch(onChange: (changed: Changed) => void): void {
    if (this.#shown.kind === 'nothing') return;
    const look = (): void => {
      const changed = this.#look();
      if (changed.runs.length + changed.gone.length > 0) onChange(changed);
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
  #look(): Changed {
    const before = this.#runs;
    const changed: ListedRun[] = [];
    this.#runs = new Map();
    for (const name of this.#names()) {
      const id = idOf(name);
      const known = before.get(id);
      const stat = statOf(this.#pathOf(name));
      if (stat === undefined) continue;
      const { size } = stat;
      const stamp = `${stat.ino} ${size} ${stat.mtimeMs}`;
      if (known?.stamp === stamp) {
        this.#runs.set(id, known);
        continue;
      }
      const lines = readEnds(this.#pathOf(name));
      const run = lines && listRun({ id, name, size }, lines);
      if (run === undefined) continue;
      this.#runs.set(id, { run, stamp });
      changed.push(run);
    }
    return { runs: changed, gone: [...before.keys()].filter((id) => !this.#runs.has(id)) };
  }
}

interface Seen {
  readonly run: ListedRun;
  /** Tells one file from the next of its name, which may be as long. */
  readonly stamp: string;
}

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 16);

function statOf(path: string): fs.Stats | undefined {
  try {
    const stat = fs.lstatSync(path);
    return stat.isFile() ? stat : undefined;
  } catch {
    return undefined;
  }
}
