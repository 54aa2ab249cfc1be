import { lstatSync, readdirSync } from 'node:fs';
import type { StatePaths } from './paths.ts';

/**
 * Whether nothing that an earlier call left could concern a call of this session: no lock folder, no unfinished
 * transfer, no temp file, no receipt of a hand-over (protocol.md, "Look").
 *
 * @param paths - the state directory's
 * @param currentId - the current session, if one is
 * @throws Error where something stands in the place of our folders, or cannot be looked at
 */
export function isQuiet(paths: StatePaths, currentId: string | undefined): boolean {
  if (stands(paths.lockFolder)) return false;
  if (!isFolder(paths.own)) return true;
  if (stands(paths.journal)) return false;
  if (isFolder(paths.temp) && readdirSync(paths.temp).length > 0) return false;
  return currentId === undefined || !isFolder(paths.receipts) || readdirSync(paths.receipts).length === 0;
}

function stands(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) throw new Error(`${path} is no folder`);
  return stat !== undefined;
}
