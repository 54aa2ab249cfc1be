import { isAbsolute, join } from 'node:path';
import { protocol } from './protocol.ts';

/** Where a project keeps what the runtime writes. */
export interface ProjectFolders {
  /** `<cwd>/.rcs`. */
  readonly runtimeDir: string;
  /** `<cwd>/.rcs/state`. */
  readonly stateDir: string;
}

/**
 * The folders of the project that an agent works in (spec.md, "What the agent sends").
 *
 * @param cwd - as the payload gave it
 * @returns undefined where it is no absolute path
 */
export function projectFolders(cwd: unknown): ProjectFolders | undefined {
  if (typeof cwd !== 'string' || !isAbsolute(cwd)) return undefined;
  const runtimeDir = join(cwd, protocol.project.runtimeFolder);
  return { runtimeDir, stateDir: join(runtimeDir, protocol.project.stateFolder) };
}
