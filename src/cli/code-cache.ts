import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

/** A bundled file, compiled. */
export interface Compiled {
  readonly script: Script;
  /** Where its code cache lies, or would lie. */
  readonly cache: string;
}

type Wrapped = (exports: object, require: NodeJS.Require, module: { exports: object }, __filename: string) => void;

/** A part that may have a code cache starts with a comment that holds a hash of it, of this length. */
const hashLength = 16;

/**
 * Compiles a bundled file, from its code cache where there is one: compiling anew takes longer than the whole call
 * that follows. A cache is made for one content of the file and one build of V8, and V8 itself refuses one that it
 * did not write or that other flags made.
 *
 * @param file - a CommonJS file
 * @param isCached - whether the cache is looked for
 */
export function compile(file: string, isCached = true): Compiled {
  const source = readFileSync(file, 'utf8');
  const hash = source.slice(2, 2 + hashLength);
  const cache = `${file}.${hash}.${process.versions.v8}-${process.platform}-${process.arch}`;
  const cachedData = isCached ? readCache(cache) : undefined;
  const wrapped = `(function (exports, require, module, __filename) {${source}\n})`;
  return { script: new Script(wrapped, { filename: file, ...(cachedData ? { cachedData } : {}) }), cache };
}

/**
 * Runs a compiled file as a module.
 *
 * @param script - of {@link compile}
 * @param file - the file
 * @param require - what it gets as its own
 * @returns its exports
 */
export function runModule(script: Script, file: string, require: NodeJS.Require): object {
  const module = { exports: {} };
  (script.runInThisContext() as Wrapped)(module.exports, require, module, file);
  return module.exports;
}

/**
 * A code cache as it lies on disk: twice. V8 takes what lies in a cache for its own work unseen, and comparing two
 * copies is the one check of every byte that a starting process can do at once.
 *
 * @param data - what V8 made
 */
export function sealCache(data: Uint8Array): Buffer {
  return Buffer.concat([data, data]);
}

/**
 * What V8 made, out of a code cache as it was read.
 *
 * @param sealed - as {@link sealCache} made it, or what became of it
 * @returns undefined where it is not whole
 */
export function openCache(sealed: Buffer): Buffer | undefined {
  const data = sealed.subarray(0, sealed.length / 2);
  return data.equals(sealed.subarray(data.length)) ? data : undefined;
}

function readCache(file: string): Buffer | undefined {
  try {
    return openCache(readFileSync(file));
  } catch {
    return undefined;
  }
}
