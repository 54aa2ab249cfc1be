import { join, sep } from 'node:path';
import { protocol } from '../../../rules/protocol.ts';

const { files } = protocol;

/** Every path of a state directory, derived; none is ever read from a file. */
export interface StatePaths {
  readonly stateDir: string;
  readonly sessionRecord: string;
  readonly sessions: string;
  readonly lockFolder: string;
  readonly lockOwner: string;
  readonly own: string;
  readonly kernelLock: string;
  readonly journal: string;
  readonly temp: string;
  readonly receipts: string;
  readonly history: string;
  readonly quarantine: string;
  /** Folder of a session. */
  readonly session: (id: string) => string;
  /** Run file of a session. */
  readonly run: (id: string) => string;
  /** Receipt of a transfer. */
  readonly receipt: (transferId: string) => string;
}

/**
 * Derives the paths of a state directory.
 *
 * @param stateDir - as given by the caller; joined, not resolved
 */
export function statePaths(stateDir: string): StatePaths {
  // Joined once: what follows are plain names, which need no more of it.
  const within = join(stateDir, 'x').slice(0, -1);
  const sessions = within + files.sessionsFolder;
  const lockFolder = within + files.lockFolder;
  const own = within + files.ownFolder;
  const receipts = own + sep + files.receiptsFolder;
  return {
    stateDir,
    sessionRecord: within + files.sessionRecord,
    sessions,
    lockFolder,
    lockOwner: lockFolder + sep + files.lockOwner,
    own,
    kernelLock: own + sep + files.kernelLock,
    journal: own + sep + files.journal,
    temp: own + sep + files.tempFolder,
    receipts,
    history: own + sep + files.history,
    quarantine: own + sep + files.quarantineFolder,
    session: (id) => sessions + sep + id,
    run: (id) => sessions + sep + id + sep + files.forgeState,
    receipt: (transferId) => `${receipts}${sep}${transferId}.json`,
  };
}
