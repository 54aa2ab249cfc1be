import { ForgeResumeError, messageOf } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Trail } from '../../../rules/trail.ts';
import type { SessionsPlace } from '../files/call-sessions.ts';
import { trailIn } from '../files/trails.ts';
import type { Call } from './call.ts';
import { clearAt, unlinkAt } from './clear-at.ts';
import { inOwn, type Place } from './place.ts';
import { keep } from './quarantine.ts';
import { readAt } from './read-at.ts';
import { syncAt } from './sync-at.ts';
import { putAt } from './write-at.ts';

const folder = inOwn(protocol.files.trailFolder);
const placeOf = (id: string): Place => [...folder, `${id}.json`];

/** The trail of a session; undefined where there is none that can be read. */
export const readTrail = (call: Call, id: string): Trail | undefined =>
  trailIn(readAt(call, placeOf(id), protocol.limits.trailBytes));

/** Where a call that holds the lock looks for the sessions that it is about. */
export const sessionsPlace = (call: Call): SessionsPlace => ({
  paths: call.paths,
  env: call.env,
  trailOf: (id) => readTrail(call, id),
});

/**
 * Writes sessions' trails in their order, then makes all durable; undefined removes one. Trails are advice: what fails
 * is a warning.
 *
 * @throws ForgeResumeError `LOCK_LOST`
 */
export async function writeTrails(
  call: Call,
  ...trails: readonly { readonly of: string; readonly trail: Trail | undefined }[]
): Promise<void> {
  for (const { of: id, trail } of trails) {
    await asAdvice(call, `the trail of ${id}`, () =>
      trail === undefined ? unlinkAt(call, placeOf(id)) : putAt(call, placeOf(id), Buffer.from(JSON.stringify(trail))),
    );
  }
  await asAdvice(call, 'what was noted of the hand-over', () => void syncAt(call, folder));
}

/**
 * Writes what may fail without harm: the result will tell. Only a lost lock is an error.
 *
 * @param what - what is written, in words
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
 * Keeps a session's trail in quarantine, where it has one.
 *
 * @param name - under which name
 * @throws as {@link keep}
 */
export function keepTrail(call: Call, id: string, name: string): void {
  const read = readAt(call, placeOf(id), protocol.limits.trailBytes);
  if (read.kind === 'file') keep(call, name, read.bytes);
}

/** Removes what a dead call left beside a session's trail. Never throws. */
export const clearTrail = (call: Call, id: string): void => {
  clearAt(call, folder, `${id}.json`);
};
