import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { protocol } from '../rules/protocol.ts';
import { printable } from './printable.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

const ensureFolder = (folder: string): void => {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // A project's files may be a stranger's: a link here would let them choose where we write.
  if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
};

/**
 * Appends one record to the day's log, `<runtimeDir>/logs/forge-resume-<UTC date>.jsonl`, in a single write, so that
 * lines of calls at the same instant do not mix. Makes `logs` if needed, nothing else; never follows a link as its
 * last step and never waits on a FIFO.
 *
 * @param runtimeDir - the project's runtime folder, which exists
 * @param time - the instant of the record, ISO 8601; its first ten characters name the file
 * @param record - JSON-safe
 * @throws the operating system's error, or an Error where the log is no regular file
 */
export function appendToLog(runtimeDir: string, time: string, record: object): void {
  const folder = join(runtimeDir, protocol.project.logFolder);
  ensureFolder(folder);
  const file = join(folder, `${protocol.project.logPrefix}${time.slice(0, 10)}.jsonl`);
  const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${file} is no regular file`);
    writeSync(fd, `${printable(JSON.stringify(record))}\n`);
  } finally {
    closeSync(fd);
  }
}
