import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;

/** A file system of its own in memory. */
export interface SmallDisk {
  /** Takes all that is left of it. */
  readonly fill: () => void;
  /** Gives that back. */
  readonly free: () => void;
  readonly unmount: () => void;
}

/**
 * Mounts a small file system over a folder.
 *
 * @param folder - an empty folder
 * @param mebibytes - its size
 * @returns undefined where this machine does not let us mount, which is said
 */
export function mountSmallDisk(folder: string, mebibytes: number): SmallDisk | undefined {
  if (!mount('-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder)) {
    console.warn('skipped: this suite needs to mount a file system, which this machine does not grant');
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    fill: () => {
      const fd = openSync(filler, 'a');
      try {
        for (const size of [1_048_576, 4_096]) writeUntilFull(fd, Buffer.alloc(size, 1));
      } finally {
        closeSync(fd);
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync('umount', ['-l', folder], { stdio: 'ignore' }),
  };
}

function writeUntilFull(fd: number, block: Buffer): void {
  for (;;) {
    try {
      writeSync(fd, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
