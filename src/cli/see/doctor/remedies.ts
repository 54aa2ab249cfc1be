import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import { keptName } from '../../../store/file/files/kept-name.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { sightOf } from '../../../store/file/files/state-file.ts';
import type { Place } from '../../../store/file/transfer/place.ts';
import type { Mend, Remedy } from './finding.ts';
import type { IllnessId } from './illnesses.ts';

const { quarantineFolder } = protocol.files;
const { journalBytes: mostKept } = protocol.limits;

/**
 * The command that mends an illness of a state directory.
 *
 * @param paths - the state directory's
 * @param id - the illness
 */
export const fixIt = (paths: StatePaths, id: IllnessId): readonly string[] => [
  'forge-resume',
  'doctor',
  '--state-dir',
  paths.stateDir,
  '--fix',
  '--only',
  id,
];

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
 * Where something is kept.
 *
 * @param paths - the state directory's
 * @param name - under which name
 */
export const keptAt = ({ own }: StatePaths, name: string): string => [own, quarantineFolder, name].join(sep);
