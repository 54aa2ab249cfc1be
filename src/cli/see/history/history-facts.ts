import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import { statePaths } from '../../../store/file/files/paths.ts';
import type { Root } from '../../find-root.ts';
import { logFilesIn, logLimits } from '../../log-files.ts';
import { logFolderOf } from '../call-records.ts';
import { type LineRecord, readJsonLines } from '../json-lines.ts';
import type { HistoryEvent } from './event.ts';
import { eventOfCall } from './event-of-call.ts';
import { eventOfLine } from './event-of-line.ts';
import { type CountedEvent, sameInARow } from './same-in-a-row.ts';
import type { StorePast } from './store-past.ts';

/** What somebody wants to see of the past. */
export interface HistoryQuestion {
  readonly root: Root;
  /** Only what is about this session. */
  readonly session?: string | undefined;
  /** Only what happened then or later, epoch milliseconds. */
  readonly since?: number | undefined;
  /** At most so many events; those in a row that are the same count as one. */
  readonly limit: number;
  /** Whether calls that found nothing to do count, and changes of an owner. */
  readonly all?: boolean;
  /** What the database knows; absent where the runs are in files. */
  readonly past?: StorePast | undefined;
}

/** What cannot be shown. */
export interface Unreadable {
  readonly file: string;
  /** How many lines of it; null where that is the whole file. */
  readonly lines: number | null;
}

/** What happened in a project. */
export interface History {
  readonly root: string;
  /** Other state directories above, which are not used. */
  readonly others: readonly string[];
  /** Newest first. */
  readonly events: readonly CountedEvent[];
  readonly unreadable: readonly Unreadable[];
  /** The database that the runs are in, and the project's name there; absent where they are in files. */
  readonly store?: { readonly url: string; readonly project: string };
}

/** What only shows that calls were made. */
const quiet = ['updated', 'up_to_date'];

/**
 * What happened in a project: what the history tells, that of the database too where the runs are in one, and which calls the
 * log says were refused. Takes no lock, writes nothing.
 *
 * @param question - what somebody wants to see
 */
export function historyOf({ root, session, since, limit, all = false, past }: HistoryQuestion): History {
  const unreadable: Unreadable[] = past?.trouble === undefined ? [] : [{ file: nameOf(past), lines: null }];
  const read = (file: string, most: number, eventOf: (line: LineRecord) => HistoryEvent | 'told' | undefined) => {
    const lines = readJsonLines(file, most);
    const found = lines.records.map(eventOf);
    const foreign = found.filter((event) => event === undefined).length;
    const missing = lines.unreadable === null ? null : lines.unreadable + foreign;
    if (missing !== 0) unreadable.push({ file, lines: missing });
    return found.filter((event) => event !== undefined && event !== 'told');
  };
  const events = [
    ...historyFiles(root.stateDir).flatMap((file) => read(file, protocol.limits.historyBytes, eventOfLine)),
    ...callFiles(root.stateDir, since).flatMap((file) => read(file, logLimits.fileBytes, eventOfCall)),
    ...(past?.records.flatMap((line) => eventOfLine(line) ?? []) ?? []),
  ];
  const wanted = events.filter(
    (event) =>
      (all || !quiet.includes(event.what)) &&
      (session === undefined || event.from === session || event.to === session) &&
      (since === undefined || Date.parse(event.at) >= since),
  );
  wanted.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const { stateDir, others } = root;
  const shown = past?.store && { url: past.store.shown, project: past.store.project };
  const found = { root: stateDir, others, events: sameInARow(wanted).slice(-limit).reverse(), unreadable };
  return shown === undefined ? found : { ...found, store: shown };
}

const nameOf = ({ store }: StorePast): string => store?.shown ?? 'what says in which database the runs are';

function historyFiles(stateDir: string): string[] {
  const { own } = statePaths(stateDir);
  const { history, olderHistory } = protocol.files;
  return isFolder(own) ? [olderHistory, history].map((name) => join(own, name)) : [];
}

function callFiles(stateDir: string, since: number | undefined): string[] {
  const folder = logFolderOf(stateDir);
  const first = since === undefined ? '' : new Date(since).toISOString().slice(0, 10);
  const files = isFolder(folder) ? logFilesIn(folder) : [];
  return files.filter(({ day }) => day >= first).map(({ name }) => join(folder, name));
}

/** A link leads elsewhere, and what lies there is not this project's. */
const isFolder = (path: string): boolean => attempt(() => lstatSync(path))?.isDirectory() ?? false;
