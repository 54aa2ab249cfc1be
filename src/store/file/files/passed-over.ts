import { lstatSync } from 'node:fs';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from './io.ts';
import type { StatePaths } from './paths.ts';

const { stateFileBytes } = protocol.limits;

/** Most runs that are named one by one. */
const mostNamed = 5;

/** Runs that no scan can judge, and why, in words. */
export interface PassedOver {
  /** Those that are not safe to read (src/rules/README.md#rule-10-unsafe-files). */
  readonly unsafe: readonly string[];
  /** Those that cannot be read, or do not parse. */
  readonly broken: readonly string[];
}

/**
 * Says of runs that no scan can judge why that is: else one that is too large would be "no match" and nothing more.
 *
 * @param paths - the state directory's
 * @param ids - their sessions
 */
export function passedOver(paths: StatePaths, ids: ReadonlySet<string>): PassedOver {
  const [unsafe, broken]: [string[], string[]] = [[], []];
  for (const id of [...ids].sort()) {
    const why = whyUnsafe(paths.run(id));
    const what = why ?? 'cannot be read, or does not parse';
    (why === undefined ? broken : unsafe).push(`the run of ${id} was passed over: ${paths.location(id)} ${what}`);
  }
  return { unsafe: atMost(unsafe), broken: atMost(broken) };
}

const atMost = (texts: readonly string[]): readonly string[] =>
  texts.length > mostNamed
    ? [...texts.slice(0, mostNamed), `${texts.length - mostNamed} more runs were passed over`]
    : texts;

/**
 * Why a file is not safe to read (src/rules/README.md#rule-10-unsafe-files), in words that follow its name.
 *
 * @param path - the file
 * @returns undefined where it is safe
 */
export function whyUnsafe(path: string): string | undefined {
  const stat = attempt(() => lstatSync(path));
  if (stat?.isSymbolicLink()) return 'is a symbolic link';
  if (stat !== undefined && !stat.isFile()) return 'is no regular file';
  const isTooLarge = stat !== undefined && stat.size > stateFileBytes;
  return isTooLarge ? `is over ${stateFileBytes / 1024 / 1024} MiB` : undefined;
}
