import { sep } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';
import type { Folder } from '../files/folder.ts';
import { giveBack, openBelow } from '../files/root.ts';
import type { Call } from './call.ts';

const { sessionsFolder, ownFolder, forgeState } = protocol.files;

/**
 * A file below the state directory: the folders on the way, then its name. What is done at one asks for a call
 * that holds the lock, and reaches the file through descriptors of the folders on the way.
 */
export type Place = readonly string[];

/** A file in a session's folder; by default its run. */
export const inSession = (id: string, name: string = forgeState): Place => [sessionsFolder, id, name];
/** A file of ours. */
export const inOwn = (...names: readonly string[]): Place => [ownFolder, ...names];

/** Its path in plain words, for messages. */
export const pathOf = ({ paths }: Call, place: Place): string => [paths.stateDir, ...place].join(sep);

/** Opens the folder of a place if it is there, for as long as an action takes. */
export function ifThere<T>(call: Call, place: Place, action: (folder: Folder, name: string) => T): T | undefined {
  const root = call.lease.root();
  const folder = openBelow(root, place.slice(0, -1));
  if (folder === undefined) return undefined;
  try {
    return action(folder, place.at(-1) ?? '');
  } finally {
    giveBack(root, folder);
  }
}
