import { type BigIntStats, lstatSync } from 'node:fs';
import { sep } from 'node:path';
import { attempt } from './io.ts';
import { giveBack, openBelow, type Root } from './root.ts';
import { type FileContent, type FileRead, sightOf } from './state-file.ts';
import { tempName } from './temp-name.ts';

/** The way to a file below the state directory. */
type Place = readonly string[];

/**
 * What a call that writes nothing would have written so far: its actors read on as if it stood on the disk
 * (src/store/file/README.md#a-call-that-writes-nothing). Each write asks first whether the real one could be made there.
 */
export class DryFiles {
  readonly #planned = new Map<string, FileContent | null>();
  #count = 0n;

  /**
   * @param absent - files that are imagined away from the start
   */
  constructor(absent: readonly Place[] = []) {
    for (const place of absent) this.#planned.set(keyOf(place), null);
  }

  /**
   * What stands at a place by now.
   *
   * @param place - the file
   * @param limit - largest size that is read, bytes
   * @returns undefined where it is as on disk
   */
  read(place: Place, limit: number = Number.POSITIVE_INFINITY): FileRead | undefined {
    const planned = this.#planned.get(keyOf(place));
    if (planned === undefined) return undefined;
    if (planned === null) return { kind: 'absent' };
    return planned.bytes.length > limit ? { kind: 'unreadable' } : planned;
  }

  /** Names in a folder by now. */
  names(folder: Place, onDisk: readonly string[]): readonly string[] {
    const names = new Set(onDisk);
    const prefix = `${keyOf(folder)}/`;
    for (const [key, planned] of this.#planned) {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : '';
      if (name === '' || name.includes('/')) continue;
      if (planned === null) names.delete(name);
      else names.add(name);
    }
    return [...names];
  }

  /**
   * Plans a file's content.
   *
   * @param root - the state directory
   * @param place - the file
   * @param content - undefined: it is removed
   * @param like - whose mode and group it has; permission bits of a new one
   * @returns what it looks like then, as trails note it
   * @throws the error that the real write would meet
   */
  put(root: Root, place: Place, content: Buffer | null, like: BigIntStats | number = 0o600): string | undefined {
    refuseObstacles(root, place, content === null);
    if (content === null) {
      this.#planned.set(keyOf(place), null);
      return undefined;
    }
    this.#count += 1n;
    const now = BigInt(Date.now());
    const base = typeof like === 'number' ? root.stat : like;
    const mode = typeof like === 'number' ? 0o100_000n | BigInt(like) : like.mode;
    const stat: BigIntStats = Object.assign(Object.create(Object.getPrototypeOf(base)) as BigIntStats, base, {
      mode,
      size: BigInt(content.length),
      // No file has it: nothing is taken for another one.
      ino: -this.#count,
      mtimeMs: now,
      mtimeNs: now * 1_000_000n,
      ctimeMs: now,
      ctimeNs: now * 1_000_000n,
    });
    this.#planned.set(keyOf(place), { kind: 'file', bytes: content, stat });
    return sightOf(stat);
  }

  /**
   * Asks whether a real write could be made at a place.
   *
   * @param root - the state directory
   * @param place - the file
   * @throws the error that it would meet
   */
  check(root: Root, place: Place): void {
    refuseObstacles(root, place, false);
  }
}

const keyOf = (place: Place): string => place.filter((name) => name !== '.').join('/');

/** Whatever keeps a real write from being made: a folder on the way that is none, something in the way of its temp file. */
function refuseObstacles(root: Root, place: Place, isRemoval: boolean): void {
  const folders = place.slice(0, -1);
  const name = place.at(-1) ?? '';
  for (let depth = 1; depth <= folders.length; depth += 1) {
    const folder = openBelow(root, folders.slice(0, depth));
    if (folder === undefined) {
      const path = [root.path, ...folders.slice(0, depth)].join(sep);
      if (attempt(() => lstatSync(path)) !== undefined) throw failure('ENOTDIR', path);
      return;
    }
    giveBack(root, folder);
  }
  const path = [root.path, ...folders, isRemoval ? name : tempName(name)].join(sep);
  if (attempt(() => lstatSync(path))?.isDirectory()) throw failure('EISDIR', path);
}

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });
