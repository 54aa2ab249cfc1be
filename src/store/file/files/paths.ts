import { join, resolve, sep } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from './io.ts';

const { files } = protocol;

/** Every path of a state directory, derived; none is ever read from a file. */
export interface StatePaths {
  /** Resolved, where it can be: in a working folder that was removed nothing is there anyway. */
  readonly stateDir: string;
  readonly sessionRecord: string;
  readonly sessions: string;
  readonly lockFolder: string;
  readonly own: string;
  readonly journals: string;
  readonly trails: string;
  /** Folder of a session. */
  readonly session: (id: string) => string;
  /** Run file of a session. */
  readonly run: (id: string) => string;
  /** Run file of a session as results name it: the state directory as given, joined. */
  readonly location: (id: string) => string;
  /** Trail of a session. */
  readonly trail: (id: string) => string;
}

/**
 * Derives the paths of a state directory.
 *
 * @param given - the state directory as given by the caller
 */
export function statePaths(given: string): StatePaths {
  const stateDir = attempt(() => resolve(given)) ?? given;
  // Joined once: what follows are plain names, which need no more of it.
  const within = join(stateDir, 'x').slice(0, -1);
  const sessions = within + files.sessionsFolder;
  const own = within + files.ownFolder;
  const trails = own + sep + files.trailFolder;
  return {
    stateDir,
    sessionRecord: within + files.sessionRecord,
    sessions,
    lockFolder: within + files.lockFolder,
    own,
    journals: own + sep + files.journalFolder,
    trails,
    session: (id) => sessions + sep + id,
    run: (id) => sessions + sep + id + sep + files.forgeState,
    location: (id) => join(given, files.sessionsFolder, id, files.forgeState),
    trail: (id) => `${trails}${sep}${id}.json`,
  };
}
