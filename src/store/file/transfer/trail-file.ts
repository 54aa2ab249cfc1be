import { ForgeResumeError, messageOf } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Trail } from '../../../rules/trail.ts';
import { trailIn } from '../files/trails.ts';
import type { Call } from './call.ts';
import { clearOwn, type OwnFile, putOwn, readOwn, removeOwn } from './own-file.ts';

const trailOf = (id: string): OwnFile => ({ folder: protocol.files.trailFolder, name: `${id}.json` });

/**
 * The trail of a session.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @returns undefined where there is none that can be read
 */
export function readTrail(call: Call, id: string): Trail | undefined {
  return trailIn(readOwn(call, trailOf(id), protocol.limits.trailBytes));
}

/**
 * Writes a session's trail. Trails are advice: what fails is a warning.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 * @param trail - undefined removes it
 * @throws ForgeResumeError `LOCK_LOST`
 */
export async function writeTrail(call: Call, id: string, trail: Trail | undefined): Promise<void> {
  const file = trailOf(id);
  await asAdvice(call, `the trail of ${id}`, () =>
    trail === undefined ? removeOwn(call, file) : putOwn(call, file, Buffer.from(JSON.stringify(trail))),
  );
}

/**
 * Writes what may fail without harm; only a lost lock is an error.
 *
 * @param call - the call, whose result will tell
 * @param what - what is written
 * @param write - writes it
 */
export async function asAdvice(call: Call, what: string, write: () => void | Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof ForgeResumeError && error.code === 'LOCK_LOST') throw error;
    call.warnings.add(`${what} could not be written: ${messageOf(error)}`);
  }
}

/**
 * Removes what a dead call left beside a session's trail. Never throws.
 *
 * @param call - a call that holds the lock
 * @param id - the session
 */
export const clearTrail = (call: Call, id: string): void => clearOwn(call, trailOf(id));
