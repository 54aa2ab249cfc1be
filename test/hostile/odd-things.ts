/** Things that may stand where a state file or folder should. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import type { Canary } from './canary.ts';

/** Puts something at a path where nothing stands. */
export type PutOddThing = (path: string, canary: Canary) => void | Promise<void>;

const link = (target: string, path: string): void => fs.symlinkSync(target, path);

async function putSocket(path: string): Promise<void> {
  // Socket paths are short by law: it is made elsewhere and moved.
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'sock-'));
  const server = net.createServer().listen(join(folder, 's'));
  await once(server, 'listening');
  fs.renameSync(join(folder, 's'), path);
  const closed = once(server, 'close');
  server.close();
  await closed;
  fs.rmSync(folder, { recursive: true });
}

/** `/dev/zero`: reading it never ends. */
function putDevice(path: string): void {
  execFileSync('mknod', [path, 'c', '1', '5'], { stdio: 'pipe' });
}

function mayMakeDevices(): boolean {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'device-'));
  try {
    putDevice(join(folder, 'zero'));
    fs.closeSync(fs.openSync(join(folder, 'zero'), 'r'));
    return true;
  } catch {
    console.warn('left out: device nodes cannot be made here (it takes root)');
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const special: Readonly<Record<string, PutOddThing>> = {
  'a dangling link': (path, canary) => link(join(canary.folder, 'not-there'), path),
  'a link to itself': (path) => link(path, path),
  'a FIFO': (path) => void execFileSync('mkfifo', [path]),
  'a socket': putSocket,
  ...(mayMakeDevices() ? { 'a device': putDevice } : {}),
};

/** What may stand in place of a file. */
export const insteadOfFile: Readonly<Record<string, PutOddThing>> = {
  'a link to a file outside': (path, canary) => link(canary.file, path),
  ...special,
  'a folder': (path) => void fs.mkdirSync(path),
  'a sparse file of 2 GiB': (path) => {
    fs.writeFileSync(path, '');
    fs.truncateSync(path, 2 ** 31);
  },
};

/** What may stand in place of a folder. */
export const insteadOfFolder: Readonly<Record<string, PutOddThing>> = {
  'a link to a folder outside': (path, canary) => link(canary.folder, path),
  ...special,
  'a file': (path) => fs.writeFileSync(path, '{}'),
};

/** Whether a kind is a symbolic link. */
export const isLink = (kind: string): boolean => kind.includes('link');
