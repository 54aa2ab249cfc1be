import type { AsyncLocalStorage } from 'node:async_hooks';
import { ForgeResumeError } from '../../../errors.ts';
import { statSync } from '../files/node-fs.ts';

/** A call whose hook is running, and the call inside whose hook it was made itself. */
interface Hooked {
  readonly directory: string;
  readonly outer: Hooked | undefined;
  isOver: boolean;
}

/** Made with the first hook that runs: hosts without hooks pay nothing for it. */
let hooked: AsyncLocalStorage<Hooked> | undefined;

/**
 * Refuses a call that is made from inside a hook of a call on the same directory, which waits for it
 * (src/store/file/README.md#lock).
 *
 * @param stateDir - the state directory
 * @throws ForgeResumeError `REENTRANT`
 */
export function refuseReentry(stateDir: string): void {
  for (let call = hooked?.getStore(); call !== undefined; call = call.outer) {
    if (call.isOver || call.directory !== nameOf(stateDir)) continue;
    throw new ForgeResumeError('REENTRANT', `a hook may make no call on ${stateDir}, whose lock its own call holds`);
  }
}

/**
 * Runs hooks so that calls made inside them are known as such.
 *
 * @param stateDir - the state directory of the call whose hooks they are
 * @returns `run`, which runs a hook, and `end`, for when the call is over: what hooks left running may then make calls
 */
export function hookScope(stateDir: string): { run: <T>(hook: () => T) => T; end: () => void } {
  let scope: Hooked | undefined;
  return {
    run: (hook) => {
      const { AsyncLocalStorage: Storage } = process.getBuiltinModule('node:async_hooks');
      hooked ??= new Storage();
      scope ??= { directory: nameOf(stateDir), outer: hooked.getStore(), isOver: false };
      return hooked.run(scope, hook);
    },
    end: () => {
      if (scope !== undefined) scope.isOver = true;
    },
  };
}

/** One name for a directory, by whatever path it is reached. */
function nameOf(stateDir: string): string {
  try {
    const { dev, ino } = statSync(stateDir, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return stateDir;
  }
}
