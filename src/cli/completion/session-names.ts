import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { searchStarts } from '../../rules/project.ts';
import { protocol } from '../../rules/protocol.ts';
import { isSessionId } from '../../rules/session-id.ts';
import { findProject } from '../find-project.ts';

/** More are of no use to somebody who looks for one. */
const most = 500;

/**
 * The sessions of the project in which somebody types: folders with a valid id and a run in them count like all others.
 *
 * @param stateDir - as the command line names it; without it the nearest one above the working folder
 * @returns ids, in order; none where there is no project
 */
export function sessionNames(stateDir: string | undefined): (readonly [string, string])[] {
  const folder = stateDir ?? findProject(searchStarts(process.cwd(), process.env))?.stateDir;
  if (folder === undefined) return [];
  try {
    const names = readdirSync(join(folder, protocol.files.sessionsFolder)).filter((name) => isSessionId(name));
    return names
      .sort()
      .slice(0, most)
      .map((name) => [name, 'session'] as const);
  } catch {
    return [];
  }
}
