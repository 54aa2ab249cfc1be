import { type BigIntStats, lstatSync } from 'node:fs';
import { sep } from 'node:path';
import { type Journal, journalName } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import { keptName } from '../../../store/file/files/kept-name.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { sightOf } from '../../../store/file/files/state-file.ts';
import { endedBack, runBack, withTrail } from '../run-back.ts';
import type { Remedy } from './finding.ts';
import type { IllnessId } from './illnesses.ts';
import { fixIt, keptAt } from './remedies.ts';

const { ownFolder, journalFolder, lockOwner } = protocol.files;

/** Of what was kept, runs and trails, in threes, puts back what was ended; what went on meanwhile stays. */
const endedOnesBack =
  'left=1; while [ $# -gt 2 ]; do if [ -e "$1" ] && grep -q ended_by_user -- "$2"; then ' +
  `${withTrail} && left=0; fi; shift 3; done; exit $left`;

/** A folder of notes that is empty goes. What stands there by then stays. */
const noteBack = 'mkdir -p -- "$3" && cp -np -- "$1" "$2"';

/**
 * Has a person end the run of one of some sessions; its bytes are kept then.
 *
 * @param paths - the state directory's
 * @param sessions - which
 */
export function endingOne(paths: StatePaths, sessions: readonly string[]): Remedy {
  const ended = sessions.flatMap((session) => {
    const stat = attempt(() => lstatSync(paths.run(session), { bigint: true }));
    return stat === undefined ? [] : [{ session, kept: keptAt(paths, keptName(stat, session, 'end')) }];
  });
  const [only] = ended;
  const threes = ended.flatMap(({ session, kept }) => [kept, paths.run(session), paths.trail(session)]);
  return {
    fixes: sessions.map((session) => ['forge-resume', 'end', session, '--state-dir', paths.stateDir, '--yes']),
    undo:
      only && ended.length === 1
        ? endedBack(paths, only.session, only.kept)
        : ['sh', '-c', endedOnesBack, 'sh', ...threes],
  };
}

/**
 * Has the machine take a dead lock away, whose token is kept.
 *
 * @param paths - the state directory's
 * @param stat - of the lock's folder
 */
export function takingLock(paths: StatePaths, stat: BigIntStats): Remedy {
  const { lockFolder } = paths;
  const name = keptName(stat, 'lock', 'FR012');
  const hasToken = attempt(() => lstatSync([lockFolder, lockOwner].join(sep)).isFile()) === true;
  return {
    fixes: [fixIt(paths, 'FR012')],
    // Where another lock stands by then, nothing comes back.
    undo: hasToken
      ? ['sh', '-c', `mkdir -- "$2" && cp -p -- "$1" "$2/${lockOwner}"`, 'sh', keptAt(paths, name), lockFolder]
      : ['mkdir', '--', lockFolder],
    mend: { kind: 'takeLock', name },
  };
}

/**
 * Has the machine settle a hand-over; its note and both runs are kept first.
 *
 * @param paths - the state directory's
 * @param journal - the note
 * @param stat - of the note
 * @param isThere - whether the run is where it was to go: then the machine takes it back, else the note is put back
 */
export function settling(
  paths: StatePaths,
  { source, target, transferId }: Pick<Journal, 'source' | 'target' | 'transferId'>,
  stat: BigIntStats,
  isThere: boolean,
): Remedy {
  const place = [ownFolder, journalFolder, journalName(source, target)];
  const file = [paths.stateDir, ...place].join(sep);
  const name = keptName(stat, `${source}.${target}`, 'FR002');
  const takeBack = ['forge-resume', 'undo', transferId, '--from', target, '--state-dir', paths.stateDir, '--yes'];
  return {
    fixes: [fixIt(paths, 'FR002')],
    undo: isThere ? takeBack : notingBack(paths, name, file),
    mend: { kind: 'settle', sessions: [target, source], file, place, sight: sightOf(stat), name },
  };
}

/**
 * What puts the note of a hand-over back.
 *
 * @param paths - the state directory's
 * @param name - under which it is kept
 * @param file - where it stood
 */
export const notingBack = (paths: StatePaths, name: string, file: string): readonly string[] => [
  'sh',
  '-c',
  noteBack,
  'sh',
  keptAt(paths, name),
  file,
  paths.journals,
];

/**
 * Has the machine change a session's run, which is kept first.
 *
 * @param paths - the state directory's
 * @param session - whose run
 * @param kind - how
 * @param id - the illness
 */
export function changingRun(paths: StatePaths, session: string, kind: 'refresh' | 'end', id: IllnessId): Remedy {
  const place = [protocol.files.sessionsFolder, session, protocol.files.forgeState];
  const stat = attempt(() => lstatSync(paths.run(session), { bigint: true }));
  if (stat === undefined) return {};
  const name = keptName(stat, session, kind === 'end' ? kind : id);
  return {
    fixes: [fixIt(paths, id)],
    undo:
      kind === 'end'
        ? endedBack(paths, session, keptAt(paths, name))
        : runBack(keptAt(paths, name), paths.run(session)),
    mend: { kind, session, place, sight: sightOf(stat), name },
  };
}
