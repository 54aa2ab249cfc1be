import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ForgeResumeError } from '../../src/errors.ts';
import { codeOf } from './baseline-files.ts';

/**
 * Takes the lock folder (rule 1): `mkdir`, retried every 25 ms for 5 s; one older than 10 s is broken.
 *
 * @param stateDir - the state directory
 * @returns what releases the lock, or undefined where it stayed busy
 */
export async function takeLock(stateDir: string): Promise<(() => Promise<void>) | undefined> {
  const folder = join(stateDir, '.lock.forge-session-resume');
  const owner = join(folder, 'owner');
  const token = `${process.pid}.${Date.now()}.${Math.random().toString(16).slice(2)}`;
  const until = performance.now() + 5_000;
  for (;;) {
    if (await makeFolder(folder)) {
      await writeFile(owner, token);
      return async () => {
        const found = await readFile(owner, 'utf8').catch(() => '');
        if (found.trim() === token) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      };
    }
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > 10_000) {
      await rm(folder, { recursive: true, force: true });
      continue;
    }
    if (performance.now() >= until) return undefined;
    await pause(25);
  }
}

async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new ForgeResumeError('IO', 'could not make the lock folder', error);
  }
}
