import { existsSync, lstatSync, statfsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isForgeState } from '../../../rules/forge-state.ts';
import { foldersUpwards } from '../../../rules/project.ts';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { JsonRead } from '../../../store/file/files/json-file.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { processFacts, statOf } from '../../../store/file/files/process-facts.ts';
import { lockState } from '../../../store/file/lock/lock-state.ts';
import { type Finding, finding, type Remedy } from './finding.ts';
import type { IllnessId } from './illnesses.ts';
import { takingLock } from './machine-remedies.ts';
import { movingAside, settingAside } from './remedies.ts';

const names = protocol.sessionRecordFields;
const { ownFolder, journalFolder, trailFolder, projectionFolder, quarantineFolder, sessionRecord } = protocol.files;

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
    ...lockFindings(paths, now),
    ...recordFindings(paths, record),
    ...placeFindings(paths),
  ];
}

function folderFindings(paths: StatePaths): Finding[] {
  const found = (path: string, remedy: () => Remedy): Finding[] => {
    const stat = attempt(() => lstatSync(path));
    if (stat === undefined || stat.isDirectory()) return [];
    return [finding('FR005', path, stat.isSymbolicLink() ? 'it is a link' : 'it is no folder', remedy())];
  };
  return [
    // What stands in the place of the quarantine cannot be kept there.
    ...[paths.sessions, paths.own, [paths.own, quarantineFolder].join(sep)].flatMap((path) =>
      found(path, () => movingAside(path)),
    ),
    ...[journalFolder, trailFolder, projectionFolder].flatMap((name) =>
      found([paths.own, name].join(sep), () => settingAside(paths, [ownFolder, name], name, 'FR005')),
    ),
  ];
}

function lockFindings(paths: StatePaths, now: number): Finding[] {
  const { state, kind, pid } = lockState(paths, now);
  const who = pid === null ? 'nothing says who made it' : `process ${pid} made it`;
  const found = (evidence: string): Finding[] => {
    const stat = attempt(() => lstatSync(paths.lockFolder, { bigint: true }));
    if (stat === undefined) return [];
    return [finding('FR012', paths.lockFolder, evidence, takingLock(paths, stat))];
  };
  if (state === 'dead') return found(`${who}, and is gone`);
  if (state === 'stale') return found(`${who}; untouched for over 10 s`);
  return state === 'free' && kind === 'folder' ? [finding('FR013', paths.lockFolder, 'no kernel lock here')] : [];
}

function recordFindings(paths: StatePaths, record: JsonRead): Finding[] {
  if (record.kind !== 'json' || !isForgeState(record.value)) return [];
  const pid = record.value[names.pid];
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return [];
  const found = (id: IllnessId, evidence: string): Finding[] => [
    finding(id, paths.sessionRecord, evidence, settingAside(paths, [sessionRecord], sessionRecord, id)),
  ];
  const { alive } = processFacts(pid);
  const stat = statOf(pid);
  if (!alive && stat === undefined) return found('FR010', `process ${pid} is not there`);
  const ticks = record.value[names.pidStartTicks];
  const isOther = stat !== undefined && typeof ticks === 'number' && ticks !== stat.startTicks;
  return isOther ? found('FR011', `process ${pid} was started at tick ${stat.startTicks}, not ${String(ticks)}`) : [];
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
