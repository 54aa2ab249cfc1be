import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../files/io.ts';
import { requireHere } from '../files/require-here.ts';

/** The addon's own functions, below its JavaScript. */
interface Addon {
  tryLock(fd: number, offset: number, length: number, exclusive: boolean): void;
  unlock(fd: number, offset: number, length: number): void;
}

let addon: Addon | null | undefined;

/** Whether the addon is there; loads it where it is not loaded yet. */
export function hasKernelLocks(): boolean {
  return theAddon() !== null;
}

/** The addon; null where there is none that can be used. */
export function theAddon(): Addon | null {
  addon = addon === undefined ? loadAddon() : addon;
  return addon;
}

/**
 * Loads the prebuilt addon by its path, where packages are looked for, which costs a small part of what its package
 * entry costs; else by the entry. Whatever fails, there is no addon then: no caller hears of it.
 */
function loadAddon(): Addon | null {
  // Deno loads it and ends at the first lock, for want of a function of Node's; no guard can catch that.
  if ('Deno' in globalThis) return null;
  return attempt(() => findAddon(requireHere())) ?? null;
}

function findAddon(require: NodeJS.Require): Addon | undefined {
  const name = 'fs-native-extensions';
  const prebuilt = join(name, 'prebuilds', `${process.platform}-${process.arch}`, `${name}.node`);
  const found = require.resolve
    .paths(name)
    ?.map((folder) => join(folder, prebuilt))
    .find((file) => existsSync(file));
  return (
    (found === undefined ? undefined : attempt(() => asAddon(openAddon(found)))) ??
    attempt(() => asAddon(require(`${name}/binding`)))
  );
}

function openAddon(file: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

function asAddon(loaded: unknown): Addon | undefined {
  const { tryLock, unlock } = loaded as Partial<Addon>;
  return typeof tryLock === 'function' && typeof unlock === 'function' ? { tryLock, unlock } : undefined;
}
