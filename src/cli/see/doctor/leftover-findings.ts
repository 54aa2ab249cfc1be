import { sep } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';
import { firstNames } from '../../../store/file/files/first-names.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { tempName } from '../../../store/file/files/temp-name.ts';
import type { Place } from '../../../store/file/transfer/place.ts';
import { type Finding, finding } from './finding.ts';
import { isOld } from './is-old.ts';
import { settingAside } from './remedies.ts';

const { sessionsFolder, ownFolder, journalFolder, trailFolder, forgeState } = protocol.files;
/** Most names that are read of a folder of ours. */
const mostNames = 1_000;
const isTemp = (name: string): boolean => name === tempName(name.slice(1, -ownFolder.length));

/**
 * What stopped calls have left beside a session's files.
 *
 * @param paths - the state directory's
 * @param session - whose
 * @param now - epoch milliseconds
 */
export const leftInSession = (paths: StatePaths, session: string, now: number): Finding[] =>
  [forgeState, ...protocol.companions].flatMap((name) =>
    leftover(paths, [sessionsFolder, session, tempName(name)], session, now),
  );

/**
 * What stopped calls have left beside our notes of hand-overs.
 *
 * @param paths - the state directory's
 * @param now - epoch milliseconds
 */
export const leftInOwn = (paths: StatePaths, now: number): Finding[] =>
  [journalFolder, trailFolder].flatMap((folder) =>
    (attempt(() => firstNames([paths.own, folder].join(sep), mostNames)) ?? [])
      .filter(isTemp)
      .flatMap((name) => leftover(paths, [ownFolder, folder, name], folder, now)),
  );

function leftover(paths: StatePaths, place: Place, what: string, now: number): Finding[] {
  const file = [paths.stateDir, ...place].join(sep);
  if (!isOld(file, now)) return [];
  return [finding('FR009', file, 'older than 10 s', settingAside(paths, place, what, 'FR009'))];
}
