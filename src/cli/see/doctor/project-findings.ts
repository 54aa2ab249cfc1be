import { existsSync, lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isForgeState } from '../../../rules/forge-state.ts';
import { foldersUpwards } from '../../../rules/project.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { JsonRead } from '../../../store/file/files/json-file.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { processFacts, statOf } from '../../../store/file/files/process-facts.ts';
import { lockState } from '../../../store/file/lock/lock-state.ts';
import { type Finding, finding, type Remedy } from './finding.ts';
import type { IllnessId } from './illnesses.ts';
import { isOld } from './is-old.ts';
import { takingLock } from './machine-remedies.ts';
import { movingAside, settingAside } from './remedies.ts';
import { whyUnreadable } from './why-unreadable.ts';

const names = protocol.sessionRecordFields;
const { ownFolder, sessionsFolder, journalFolder, trailFolder, projectionFolder, quarantineFolder } = protocol.files;
const { kernelLock, history, olderHistory, sessionRecord } = protocol.files;

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
  12805120: 'Ceph',
  198183888: 'Lustre',
  1196443219: 'GPFS',
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
    ...fileFindings(paths),
    ...lockFindings(paths, now),
    ...recordFindings(paths, record, now),
    ...placeFindings(paths),
  ];
}

function folderFindings(paths: StatePaths): Finding[] {
  const found = (path: string, remedy: () => Remedy): Finding[] => {
    const stat = attempt(() => lstatSync(path));
    if (stat === undefined || stat.isDirectory()) return [];
    return [finding('FR005', path, stat.isSymbolicLink() ? 'it is a link' : 'it is no folder', remedy())];
  };
  // What stands in the place of the quarantine cannot be kept there.
  const quarantine = [paths.own, quarantineFolder].join(sep);
  return [
    ...[paths.sessions, paths.own, quarantine].flatMap((path) => found(path, () => movingAside(path))),
    ...[journalFolder, trailFolder, projectionFolder].flatMap((name) =>
      found([paths.own, name].join(sep), () => settingAside(paths, [ownFolder, name], name, 'FR005')),
    ),
    ...linkedSessions(paths).flatMap((id) =>
      found(paths.session(id), () => settingAside(paths, [sessionsFolder, id], id, 'FR005')),
    ),
  ];
}

const linkedSessions = ({ sessions }: StatePaths): string[] =>
  (attempt(() => (lstatSync(sessions).isDirectory() ? readdirSync(sessions, { withFileTypes: true }) : [])) ?? [])
    .filter((entry) => entry.isSymbolicLink() && isSessionId(entry.name))
    .map(({ name }) => name);

/** Each is moved by hand: what would mend it needs the lock, or writes the history. */
function fileFindings({ own }: StatePaths): Finding[] {
  if (attempt(() => lstatSync(own).isDirectory()) !== true) return [];
  return [kernelLock, history, olderHistory].flatMap((name) => {
    const path = [own, name].join(sep);
    const stat = attempt(() => lstatSync(path));
    if (stat === undefined || stat.isFile()) return [];
    const evidence = stat.isSymbolicLink() ? 'it is a link' : 'it is no regular file';
    return [finding('FR027', path, evidence, movingAside(path))];
  });
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

function recordFindings(paths: StatePaths, record: JsonRead, now: number): Finding[] {
  const file = paths.sessionRecord;
  if (record.kind === 'unreadable' && isOld(file, now)) {
    const remedy = settingAside(paths, [sessionRecord], sessionRecord, 'FR028');
    return [finding('FR028', file, whyUnreadable(file), remedy)];
  }
  if (record.kind !== 'json' || !isForgeState(record.value)) return [];
  const pid = record.value[names.pid];
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return [];
  const found = (id: IllnessId, evidence: string): Finding[] => [
    finding(id, file, evidence, settingAside(paths, [sessionRecord], sessionRecord, id)),
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
