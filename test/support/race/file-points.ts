import * as realFs from 'node:fs';
import fs from 'fs-extra';
import type { LogWord } from './holder-log.ts';
import type { FilePoint } from './orders.ts';

type Calls = Record<string, (...args: unknown[]) => unknown>;

/** A path that starts at a descriptor, as one that starts at the root. */
function plainPath(path: unknown): unknown {
  const [, base, rest] = /^(\/proc\/self\/fd\/\d+)(\/.*)$/.exec(String(path)) ?? [];
  return base === undefined ? path : `${realFs.readlinkSync(base)}${rest}`;
}

/**
 * Puts instants below the product into the file library that it calls; each happens once.
 *
 * @param points - the instants
 * @param log - called right before a process kills itself
 * @returns takes them out again
 */
export function placeFilePoints(points: readonly FilePoint[], log: (word: LogWord) => void): () => void {
  const library = fs as unknown as Calls;
  const originals = new Map<string, (...args: unknown[]) => unknown>();
  for (const point of points) {
    const original = library[point.call];
    if (original === undefined) throw new Error(`no call ${point.call}`);
    if (!originals.has(point.call)) originals.set(point.call, original);
    let count = 0;
    const happen = (): void => {
      if (point.deed === 'kill') log('dying');
      process.kill(process.pid, point.deed === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    };
    const below = library[point.call] ?? original;
    library[point.call] = (...args) => {
      const isMeant = plainPath(args[0]) === point.path;
      if (isMeant) count += 1;
      const here = isMeant && count === (point.nth ?? 1);
      if (here && point.when === 'before') happen();
      const answer = below(...args);
      if (here && point.when === 'after') happen();
      return answer;
    };
  }
  return () => {
    for (const [name, original] of originals) library[name] = original;
  };
}
