import fs from 'node:fs';
import { protocol } from '../rules/protocol.ts';
import type { Project } from './find-project.ts';
import { printable } from './printable.ts';

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Permissions that the log's folder and files share with the state directory. */
const shared = { folder: 0o770, file: 0o660 } as const;

/**
 * Appends one record to the day's log, `<project>/.rcs/logs/forge-resume-<UTC date>.jsonl`, in a single write, so that
 * lines of calls at the same instant do not mix. Makes `logs` if needed, nothing else. A project's files may be a
 * stranger's, and a link would let them choose where we write: `logs` and the file are reached through descriptors of
 * their folders, no link is followed, no FIFO waited for. What is new gets the permissions of the state directory.
 *
 * @param project - whose log it is
 * @param time - the instant of the record, ISO 8601; its first ten characters name the file
 * @param record - JSON-safe
 * @throws the operating system's error, or an Error where the log is no regular file
 */
export function appendToLog(project: Project, time: string, record: object): void {
  const { logFolder, logPrefix } = protocol.project;
  const like = fs.statSync(project.stateDir);
  const flags = O_RDONLY | O_DIRECTORY | (project.isLinked ? 0 : O_NOFOLLOW);
  withDescriptor(fs.openSync(project.runtimeDir, flags), (runtime) =>
    withDescriptor(openLogFolder(inFolder(runtime, project.runtimeDir, logFolder), like), (folder) => {
      const path = inFolder(folder, `${project.runtimeDir}/${logFolder}`, `${logPrefix}${time.slice(0, 10)}.jsonl`);
      withDescriptor(openLogFile(path, like), (file) => {
        if (!fs.fstatSync(file).isFile()) throw new Error(`the log of ${time.slice(0, 10)} is no regular file`);
        fs.writeSync(file, `${printable(JSON.stringify(record))}\n`);
      });
    }),
  );
}

function withDescriptor(fd: number, action: (fd: number) => void): void {
  try {
    action(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** What lies in an open folder, wherever that is by now; by its plain path where descriptors have none. */
function inFolder(fd: number, path: string, name: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${fd}/${name}` : `${path}/${name}`;
}

function openLogFolder(path: string, like: fs.Stats): number {
  const isNew = !exists(() => fs.mkdirSync(path, 0o700));
  const fd = fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (isNew) share(fd, like, shared.folder);
  return fd;
}

function openLogFile(path: string, like: fs.Stats): number {
  const flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK;
  let fd = -1;
  const isOld = exists(() => {
    fd = fs.openSync(path, flags | O_CREAT | O_EXCL, 0o600);
  });
  if (isOld) return fs.openSync(path, flags);
  share(fd, like, shared.file);
  return fd;
}

/** Whether something is refused because it is there already. */
function exists(make: () => void): boolean {
  try {
    make();
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return true;
  }
}

function share(fd: number, like: fs.Stats, mask: number): void {
  const { gid } = fs.fstatSync(fd);
  // The group's part is for the state directory's group, not for whichever a new file got.
  fs.fchmodSync(fd, like.mode & mask & (gid === like.gid ? 0o777 : 0o700));
}
