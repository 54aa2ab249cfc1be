import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { sep } from 'node:path';
import { foldersUpwards, type ProjectFolders, projectFolders } from '../rules/project.ts';

/** A project in which a runtime keeps state. */
export interface Project extends ProjectFolders {
  /** User id of whoever the project belongs to. */
  readonly owner: number;
  /** Whether the runtime's folder or the state directory is a link. */
  readonly isLinked: boolean;
  /** Whether the state directory lies in the project all the same. */
  readonly isInside: boolean;
}

/**
 * Finds the project that an agent works in (src/rules/README.md#what-the-agent-sends): the nearest state directory at
 * or above a folder that belongs to the owner of that folder. One that somebody else has put there, or put a link to,
 * is passed over, and so is whatever cannot be looked at.
 *
 * @param starts - absolute paths; the first one from which there is a project decides
 * @returns undefined where there is none
 */
export function findProject(starts: readonly string[]): Project | undefined {
  for (const start of starts) {
    const owner = look(statSync, start)?.uid;
    if (owner === undefined) continue;
    for (const folder of foldersUpwards(start)) {
      const project = projectIn(folder, owner);
      if (project !== undefined) return project;
    }
  }
  return undefined;
}

function projectIn(folder: string, owner: number): Project | undefined {
  const folders = projectFolders(folder);
  const state = look(lstatSync, folders.stateDir);
  if (state === undefined || state.uid !== owner) return undefined;
  const runtime = look(lstatSync, folders.runtimeDir);
  if (runtime?.isDirectory() && state.isDirectory()) {
    return { ...folders, owner, isLinked: false, isInside: true };
  }
  if (runtime?.isSymbolicLink() && runtime.uid !== owner) return undefined;
  const target = look(statSync, folders.stateDir);
  if (target === undefined || !target.isDirectory() || target.uid !== owner) return undefined;
  return { ...folders, owner, isLinked: true, isInside: liesIn(folders.stateDir, folder) };
}

function look(ask: typeof statSync, path: string): Stats | undefined {
  try {
    return ask(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function liesIn(path: string, folder: string): boolean {
  try {
    return realpathSync(path).startsWith(`${realpathSync(folder)}${sep}`);
  } catch {
    return false;
  }
}
