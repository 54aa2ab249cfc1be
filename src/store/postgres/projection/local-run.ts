import { isUtf8 } from 'node:buffer';
import { type CurrentRunVerdict, isForgeState, judgeCurrentRun } from '../../../rules/forge-state.ts';
import { type FirstRead, type JsonRead, parseOnce } from '../../file/files/json-file.ts';
import type { StatePaths } from '../../file/files/paths.ts';
import { sha256 } from '../../file/files/sha256.ts';
import { readStateFile } from '../../file/files/state-file.ts';
import type { RunHead } from './host.ts';
import type { LocalFile } from './judge-local.ts';
import { type ProjectionNote, readNote } from './note.ts';

/** A session's file on this host, with what was noted of it. */
export interface LocalRun {
  readonly id: string;
  readonly file: LocalFile;
  /** What the file says where it is no run. */
  readonly inTheWay: Exclude<CurrentRunVerdict, 'active'> | undefined;
  readonly note: ProjectionNote | undefined;
}

/**
 * A session's file as a look finds it, by its plain path.
 *
 * @param paths - the state directory's
 * @param id - the session
 * @param read - its file, where it was read already
 */
export const localRun = (
  paths: StatePaths,
  id: string,
  read: FirstRead = parseOnce(readStateFile(paths.run(id))),
): LocalRun => ({ id, ...judgeFile(read), note: readNote(paths, id) });

/**
 * What a file is, as far as the projection is concerned.
 *
 * @param read - the file as read
 */
export function judgeFile(read: FirstRead | JsonRead): Pick<LocalRun, 'file' | 'inTheWay'> {
  if (read.kind !== 'json') {
    const { kind } = read;
    return { file: { kind }, inTheWay: kind === 'unreadable' ? 'unreadable' : undefined };
  }
  if (!isForgeState(read.value)) {
    const verdict = judgeCurrentRun(read.value);
    return { file: { kind: 'unreadable' }, inTheWay: verdict === 'active' ? undefined : verdict };
  }
  const { bytes } = read.file;
  // The database holds text: such bytes would not come back as they were.
  if (!isUtf8(bytes)) return { file: { kind: 'unreadable' }, inTheWay: 'unreadable' };
  return {
    file: { kind: 'run', value: read.value, text: bytes.toString('utf8'), sha256: sha256(bytes) },
    inTheWay: undefined,
  };
}

/**
 * Whether file and row say the same, so that nothing is to be done.
 *
 * @param run - the file
 * @param head - the row's; undefined where there is none
 */
export function isInSync({ file, note }: LocalRun, head: RunHead | undefined): boolean {
  if (file.kind === 'torn') return false;
  // What is no run is nobody's to replace.
  if (file.kind === 'unreadable') return true;
  if (file.kind === 'absent') return head?.active !== true;
  return (
    note !== undefined &&
    note.sha256 === file.sha256 &&
    head !== undefined &&
    head.epoch === note.epoch &&
    head.version === note.version
  );
}
