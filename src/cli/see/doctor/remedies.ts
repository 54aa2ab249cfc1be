import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { sightOf } from '../../../store/file/files/state-file.ts';
import type { Place } from '../../../store/file/transfer/place.ts';
import type { Mend, Remedy } from './finding.ts';
import type { IllnessId } from './illnesses.ts';

const { quarantineFolder } = protocol.files;
const { journalBytes: mostKept } = protocol.limits;

/** The command that mends an illness of a state directory. */
const fixIt = (paths: StatePaths, id: IllnessId): readonly string[] => [
  'forge-resume',
  'doctor',
  '--state-dir',
  paths.stateDir,
  '--fix',
  '--only',
  id,
];

/**
 * The command that ends a session's run.
 *
 * @param paths - the state directory's
 * @param session - whose
 */
export const endIt = ({ stateDir }: StatePaths, session: string): readonly string[] => [
  'forge-resume',
  'end',
  session,
  '--state-dir',
  stateDir,
  '--yes',
];

/**
 * Under which name something is kept in quarantine: when it was changed last, what it is, why; so the same one always.
 *
 * @param stat - of it
 * @param what - a session, or what else it is
 * @param id - the illness
 */
export const keptName = ({ mtimeMs }: BigIntStats, what: string, id: IllnessId): string =>
  `${(attempt(() => new Date(Number(mtimeMs)).toISOString()) ?? 'undated').replaceAll(/[:.]/g, '-')}-${what}-${id}`;

/**
 * Sets something aside, in quarantine where it can be kept there, else beside where it stands; and how to put it back.
 *
 * @param paths - the state directory's
 * @param place - what
 * @param what - what it is, for its name in quarantine
 * @param id - the illness
 */
export function settingAside(paths: StatePaths, place: Place, what: string, id: IllnessId): Remedy {
  const path = [paths.stateDir, ...place].join(sep);
  const stat = attempt(() => lstatSync(path, { bigint: true }));
  const isKept = stat?.isSymbolicLink() || stat?.isFIFO() || (stat?.isFile() && stat.size <= mostKept);
  if (stat === undefined || !isKept) return movingAside(path);
  const name = keptName(stat, what, id);
  const mend: Mend = { kind: 'setAside', place, sight: sightOf(stat), name };
  return { fixes: [fixIt(paths, id)], undo: backTo(path, stat, keptAt(paths, name)), mend };
}

/** What puts something back that was set aside. */
function backTo(path: string, stat: BigIntStats, kept: string): readonly string[] {
  if (stat.isFIFO()) return ['mkfifo', '--', path];
  if (stat.isSymbolicLink()) return ['ln', '-s', '--', attempt(() => readlinkSync(path)) ?? '', path];
  // What stands there by then stays.
  return ['cp', '-np', '--', kept, path];
}

/**
 * Moves something aside by hand: it holds more than is ours to judge, or stands where quarantine would be.
 *
 * @param path - what
 */
export function movingAside(path: string): Remedy {
  const aside = `${path}.aside`;
  return { fixes: [['mv', '-n', '--', path, aside]], undo: ['mv', '-n', '--', aside, path] };
}

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
  const name = keptName(stat, session, id);
  return {
    fixes: [fixIt(paths, id)],
    undo: ['cp', '-p', '--', keptAt(paths, name), paths.run(session)],
    mend: { kind, session, place, sight: sightOf(stat), name },
  };
}

/**
 * What the machine settles by itself; nothing has to be put back.
 *
 * @param paths - the state directory's
 * @param id - the illness
 * @param mend - how
 */
export const settling = (paths: StatePaths, id: IllnessId, mend: Mend): Remedy => ({ fixes: [fixIt(paths, id)], mend });

const keptAt = ({ own }: StatePaths, name: string): string => [own, quarantineFolder, name].join(sep);
