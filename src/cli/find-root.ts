import { lstatSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { foldersUpwards, projectFolders, searchStarts } from '../rules/project.ts';
import { findProject } from './find-project.ts';

/** The state directory that a command works with. */
export interface Root {
  /** As it was given, else an absolute path. */
  readonly stateDir: string;
  /** Whether it was searched for, and not given. */
  readonly isFound: boolean;
  /** Other state directories on the way up, which are not used. */
  readonly others: readonly string[];
}

/**
 * The state directory of a command: the given one, else that of the project in which the command is typed
 * (src/rules/README.md#what-the-agent-sends).
 *
 * @param given - what `--state-dir` says
 * @returns where, and which others there are
 * @throws Error where nothing is given and there is no project
 */
export function findRoot(given: string | undefined): Root {
  const starts = searchStarts(process.cwd(), process.env);
  const seen = [...new Set(starts.flatMap(foldersUpwards).map((folder) => projectFolders(folder).stateDir))].filter(
    stands,
  );
  if (given !== undefined) {
    const real = realOf(given);
    return { stateDir: given, isFound: false, others: seen.filter((path) => realOf(path) !== real) };
  }
  const stateDir = findProject(starts)?.stateDir;
  if (stateDir !== undefined) return { stateDir, isFound: true, others: seen.filter((path) => path !== stateDir) };
  const passed = seen.length === 0 ? '' : `; ${seen.join(', ')} belongs to somebody else or is no folder`;
  throw new Error(
    `no .rcs/state in ${starts.join(' or ')} or above${passed}. Go to the project, or name it: --state-dir <dir>`,
  );
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function stands(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
