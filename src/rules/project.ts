import { dirname, isAbsolute, join, normalize } from 'node:path';
import { protocol } from './protocol.ts';
import { trimmedText } from './text.ts';

/** Where a project keeps what the runtime writes. */
export interface ProjectFolders {
  /** The project itself. */
  readonly project: string;
  /** `<project>/.rcs`. */
  readonly runtimeDir: string;
  /** `<project>/.rcs/state`. */
  readonly stateDir: string;
}

/**
 * The folders of a project.
 *
 * @param project - an absolute path
 */
export function projectFolders(project: string): ProjectFolders {
  const runtimeDir = join(project, protocol.project.runtimeFolder);
  return { project, runtimeDir, stateDir: join(runtimeDir, protocol.project.stateFolder) };
}

/**
 * Where the search for an agent's project begins (src/rules/README.md#what-the-agent-sends): at the folder that the
 * agent itself calls its project, where it says so, then at the one in which it works.
 *
 * @param cwd - absolute path, as the payload gave it
 * @param env - environment of the agent
 * @returns absolute paths, the first one first
 */
export function searchStarts(cwd: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = trimmedText(env[protocol.env.project]);
  return isAbsolute(named) ? [normalize(named), normalize(cwd)] : [normalize(cwd)];
}

/**
 * A folder and all above it, nearest first, as the path is written: links on the way are not resolved.
 *
 * @param folder - an absolute path
 */
export function foldersUpwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpwards(above)];
}
