import { opendirSync } from 'node:fs';

const name = "Name the runtime's state directory: --state-dir <project>/.rcs/state";

/**
 * Refuses a state directory that is not there, is no folder or cannot be listed, in words that say what to do.
 *
 * @param stateDir - the state directory
 * @throws Error
 */
export function refuseMissing(stateDir: string): void {
  try {
    opendirSync(stateDir).closeSync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`${stateDir} is not there. ${name}`);
    if (code === 'ENOTDIR') throw new Error(`${stateDir} is no folder. ${name}`);
    throw new Error(`${stateDir} cannot be listed (${code}). Ask as the user whose project it is`);
  }
}
