import fs from 'node:fs';
import { protocol } from '../rules/protocol.ts';
import type { Project } from './find-project.ts';
import { logLimits, logNames, removeOldLogs } from './log-files.ts';
import { printable } from './printable.ts';

const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Permissions that the log's folder and files share with the state directory. */
const shared = { folder: 0o770, file: 0o660 } as const;

/**
 * Appends one record to the day's log, `<project>/.rcs/logs/forge-resume-<UTC date>.jsonl`, in a single write, so that
 * lines of calls at the same instant do not mix. A file that is full is set aside, in the place of the day's one before,
 * and with each new file logs of old days go; otherwise nothing is listed. Makes `logs` if needed, nothing else. A project's files may be a
 * stranger's, and a link would let them choose where we write: `logs` and the file are reached through descriptors of
 * their folders, no link is followed, no FIFO waited for. What is new gets the permissions of the state directory.
 *
 * @param project - whose log it is
 * @param time - the instant of the record, ISO 8601; its first ten characters name the file
 * @param record - JSON-safe
 * @throws the operating system's error, or an Error where the log is no regular file
 */
export function appendToLog(project: Project, time: string, record: object): void {
  const { logFolder } = protocol.project;
  const like = fs.statSync(project.stateDir);
  const flags = O_RDONLY | O_DIRECTORY | (project.isLinked ? 0 : O_NOFOLLOW);
  withDescriptor(fs.openSync(project.runtimeDir, flags), (runtime) =>
    withDescriptor(openLogFolder(inFolder(runtime, project.runtimeDir, logFolder), like), (folder) => {
      const at = (name: string): string => inFolder(folder, `${project.runtimeDir}/${logFolder}`, name);
      const day = time.slice(0, 10);
      const { name, older } = logNames(day);
      const line = `${printable(JSON.stringify(record))}\n`;
      const added = addLine(at(name), line, like, logLimits.fileBytes);
      if (added === 'added') return;
      if (added !== 'created') {
        setAside(at(name), at(older), added);
        addLine(at(name), line, like, Number.POSITIVE_INFINITY);
      }
      removeOldLogs(at('.'), day, at);
    }),
  );
}

/** Says whether the file is new, or, where there is no room for the line, which file is full. */
function addLine(path: string, line: string, like: fs.Stats, most: number): 'created' | 'added' | fs.Stats {
  const { fd, isNew } = openLogFile(path, like);
  return withDescriptor(fd, () => {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error('the log is no regular file');
    if (stat.size + line.length > most) return stat;
    fs.writeSync(fd, endsInLine(fd, stat.size) ? line : `\n${line}`);
    return isNew ? 'created' : 'added';
  });
}

/** Whether a file ends where a line ends: a full disk may have left half of one, which then stands alone. */
function endsInLine(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size === 0 || (fs.readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
}

/** Another call may have set it aside by now; then its file, which is new, stays. */
function setAside(path: string, older: string, full: fs.Stats): void {
  const now = fs.lstatSync(path, { throwIfNoEntry: false });
  if (now?.ino === full.ino && now.dev === full.dev) fs.renameSync(path, older);
}

function withDescriptor<T>(fd: number, action: (fd: number) => T): T {
  try {
    return action(fd);
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

function openLogFile(path: string, like: fs.Stats): { readonly fd: number; readonly isNew: boolean } {
  const flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK;
  let fd = -1;
  const isOld = exists(() => {
    fd = fs.openSync(path, flags | O_CREAT | O_EXCL, 0o600);
  });
  // Made anew where it has been set aside in this very moment.
  if (isOld) return { fd: fs.openSync(path, flags | O_CREAT, 0o600), isNew: false };
  share(fd, like, shared.file);
  return { fd, isNew: true };
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
