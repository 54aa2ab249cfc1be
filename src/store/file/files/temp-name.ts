import { basename, dirname, join } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';

/**
 * The one name under which a file's successor is written beside it; derived, so that a later call finds and removes
 * what a dead one left.
 *
 * @param name - the file's name
 */
export const tempName = (name: string): string => `.${name}${protocol.files.ownFolder}`;

/**
 * {@link tempName} as a path.
 *
 * @param path - the file
 */
export const tempBeside = (path: string): string => join(dirname(path), tempName(basename(path)));
