import { dirname, join } from 'node:path';
import { protocol } from '../../rules/protocol.ts';
import { logFilesIn } from '../log-files.ts';
import { type LineRecord, readJsonLines } from './json-lines.ts';

/** Most of one file that is read, from its end, bytes. */
const mostBytes = 256 * 1024;

/**
 * The folder of a project's logs.
 *
 * @param stateDir - the state directory
 */
export const logFolderOf = (stateDir: string): string => join(dirname(stateDir), protocol.project.logFolder);

/**
 * The last calls that agents made in a project and that were worth a line of the daily logs, oldest first.
 *
 * @param stateDir - the state directory
 * @param files - of how many files of the log
 */
export function callRecords(stateDir: string, files = 7): LineRecord[] {
  const folder = logFolderOf(stateDir);
  return logFilesIn(folder)
    .slice(-files)
    .flatMap(({ name }) => readJsonLines(join(folder, name), mostBytes).records);
}
