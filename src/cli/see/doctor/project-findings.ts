import { existsSync, lstatSync, statfsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isForgeState } from '../../../rules/forge-state.ts';
import { journalName } from '../../../rules/journal.ts';
import { foldersUpwards } from '../../../rules/project.ts';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { JsonRead } from '../../../store/file/files/json-file.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { processFacts, statOf } from '../../../store/file/files/process-facts.ts';
import { lockState } from '../../../store/file/lock/lock-state.ts';
import { journalsOf } from '../status-facts.ts';
import { callFrom, setAside } from './fixes.ts';
import { type Finding, finding } from './illnesses.ts';
import { isOld } from './run-findings.ts';

const names = protocol.sessionRecordFields;

/** File systems on which kernel locks may only seem to work, by the number that statfs(2) gives. */
const weakSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  4283649346: 'CIFS',
  4266872130: 'SMB',
  20859: 'SMB',
  1702057286: 'FUSE',
  16914839: '9p',
  1397113167: 'AFS',
  2020557398: 'vboxsf',
};

/** Names of folders that programs copy between machines, and what such a program leaves in one. */
const syncedName = /^(Dropbox|OneDrive|Google Drive|GoogleDrive|iCloud Drive|Nextcloud|ownCloud|Syncthing)( .*)?$/i;
const syncedMark = ['.stfolder', '.dropbox', '.sync'];

/**
 * What is wrong with a state directory as a whole.
 *
 * @param paths - the state directory's
 * @param record - `session.json` as read
 * @param now - epoch milliseconds
 */
export function projectFindings(paths: StatePaths, record: JsonRead, now: number): Finding[] {
  return [
    ...folderFindings(paths),
    ...journalsOf(paths).flatMap(({ source, target }) => {
      const file = `${paths.journals}${sep}${journalName(source, target)}`;
      if (!isOld(file, now)) return [];
      const fixes = [callFrom(paths.stateDir, target), callFrom(paths.stateDir, source)];
      return [finding('FR002', file, `from ${source} to ${target}, for more than 10 s`, fixes)];
    }),
    ...lockFindings(paths, now),
    ...recordFindings(paths, record),
    ...placeFindings(paths),
  ];
}

function folderFindings(paths: StatePaths): Finding[] {
  return [paths.sessions, paths.own, paths.journals, paths.trails].flatMap((path) => {
    const stat = attempt(() => lstatSync(path));
    if (stat === undefined || stat.isDirectory()) return [];
    return [finding('FR005', path, stat.isSymbolicLink() ? 'it is a link' : 'it is no folder', ...setAside(path))];
  });
}

function lockFindings(paths: StatePaths, now: number): Finding[] {
  const { state, kind, pid } = lockState(paths, now);
  const fixes = [['forge-resume', 'reconcile', '--state-dir', paths.stateDir]];
  const who = pid === null ? 'nothing says who made it' : `process ${pid} made it`;
  if (state === 'dead') return [finding('FR012', paths.lockFolder, `${who}, and is gone`, fixes)];
  if (state === 'stale') return [finding('FR012', paths.lockFolder, `${who}; untouched for over 10 s`, fixes)];
  return state === 'free' && kind === 'folder' ? [finding('FR013', paths.lockFolder, 'no kernel lock here')] : [];
}

function recordFindings(paths: StatePaths, record: JsonRead): Finding[] {
  if (record.kind !== 'json' || !isForgeState(record.value)) return [];
  const pid = record.value[names.pid];
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return [];
  const [fixes, undo] = setAside(paths.sessionRecord);
  const { alive } = processFacts(pid);
  const stat = statOf(pid);
  if (!alive && stat === undefined) {
    return [finding('FR010', paths.sessionRecord, `process ${pid} is not there`, fixes, undo)];
  }
  const ticks = record.value[names.pidStartTicks];
  const isOther = stat !== undefined && typeof ticks === 'number' && ticks !== stat.startTicks;
  const evidence = `process ${pid} was started at tick ${stat?.startTicks}, not ${String(ticks)}`;
  return isOther ? [finding('FR011', paths.sessionRecord, evidence, fixes, undo)] : [];
}

function placeFindings({ stateDir }: StatePaths): Finding[] {
  const found: Finding[] = [];
  const system = fileSystemOf(stateDir);
  if (system !== undefined) found.push(finding('FR015', stateDir, `the file system is ${system}`));
  for (const folder of foldersUpwards(stateDir)) {
    const mark = syncedMark.find((name) => existsSync(join(folder, name)));
    const name = folder.slice(folder.lastIndexOf(sep) + 1);
    if (mark === undefined && !syncedName.test(name)) continue;
    found.push(finding('FR016', folder, mark === undefined ? `its name is ${name}` : `${mark} is in it`));
    break;
  }
  return found;
}

/**
 * The file system on which a folder is, where it is one that weakens promises.
 *
 * @param folder - the folder
 * @param typeOf - asks the system
 */
export function fileSystemOf(
  folder: string,
  typeOf: (path: string) => number = (path) => statfsSync(path).type,
): string | undefined {
  const type = attempt(() => typeOf(folder));
  return type === undefined ? undefined : weakSystems[type >>> 0];
}
