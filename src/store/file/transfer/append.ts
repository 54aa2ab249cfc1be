import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { type Folder, inside } from '../files/folder.ts';
import { attempt, changing } from '../files/io.ts';
import { fileMode } from '../lock/kernel-lock.ts';
import type { Call } from './call.ts';
import { ifThere, type Place, pathOf } from './place.ts';

const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
const lineEnd = 0x0a;
const appending = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;

/** What becomes of a file that lines are added to once it is large. */
interface SettingAside {
  /** Size that it has at most, bytes. */
  readonly most: number;
  /** Name beside it that it gets then, in the place of what stood there. */
  readonly older: string;
}

/**
 * Adds a line to a file of ours in one write; one that would become too large is set aside first.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE` where something else than a regular file stands there
 */
export function appendAt(call: Call, place: Place, line: string, { most, older }: SettingAside): void {
  call.lease.verify();
  // Nothing reads it.
  if (call.dry !== undefined) return;
  changing(`write ${pathOf(call, place)}`, () =>
    ifThere(call, place, (folder, name) => {
      if (addLine(call, place, folder, line, most)) return;
      inside(folder, (at) => fs.renameSync(at(name), at(older)));
      addLine(call, place, folder, line, Number.POSITIVE_INFINITY);
    }),
  );
}

/** Says whether there was room for the line. */
function addLine(call: Call, place: Place, folder: Folder, line: string, most: number): boolean {
  const name = place.at(-1) ?? '';
  const fd = inside(folder, (at) => fs.openSync(at(name), appending, fileMode(call.lease.root())));
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new ForgeResumeError('STATE_UNSAFE', `${pathOf(call, place)} is no regular file`);
    if (stat.size + line.length > most) return false;
    // Whatever the umask says.
    if (stat.size === 0) attempt(() => fs.fchmodSync(fd, fileMode(call.lease.root())));
    fs.writeSync(fd, endsInLine(fd, stat.size) ? line : `\n${line}`);
    return true;
  } finally {
    fs.closeSync(fd);
  }
}

/** Whether a file ends where a line ends: a dead call may have left half of one, which then stands alone. */
function endsInLine(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size === 0 || (fs.readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === lineEnd);
}
