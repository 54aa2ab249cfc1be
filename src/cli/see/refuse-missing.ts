import { opendirSync } from 'node:fs';

const name = "Name the runtime's state directory: --state-dir <project>/.rcs/state";

/**
 * Why nothing can be looked at in a state directory, and what to do.
 *
 * @param stateDir - the state directory
 * @returns undefined where it can be listed
 */
export function whyMissing(stateDir: string): string | undefined {
  try {
    opendirSync(stateDir).closeSync();
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return `${stateDir} is not there. ${name}`;
    if (code === 'ENOTDIR') return `${stateDir} is no folder. ${name}`;
    return `${stateDir} cannot be listed (${code}). Ask as the user whose project it is`;
  }
}

/**
 * Refuses a state directory that is not there, is no folder or cannot be listed, in words that say what to do.
 *
 * @param stateDir - the state directory
 * @throws Error
 */
export function refuseMissing(stateDir: string): void {
  const why = whyMissing(stateDir);
  if (why !== undefined) throw new Error(why);
}
