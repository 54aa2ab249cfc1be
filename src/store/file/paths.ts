import { join } from 'node:path';
import { protocol } from '../../rules/protocol.ts';

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
  const own = join(stateDir, files.ownFolder);
  const sessions = join(stateDir, files.sessionsFolder);
  const lockFolder = join(stateDir, files.lockFolder);
  const receipts = join(own, files.receiptsFolder);
  return {
    stateDir,
    sessionRecord: join(stateDir, files.sessionRecord),
    sessions,
    lockFolder,
    lockOwner: join(lockFolder, files.lockOwner),
    own,
    kernelLock: join(own, files.kernelLock),
    journal: join(own, files.journal),
    temp: join(own, files.tempFolder),
    receipts,
    history: join(own, files.history),
    quarantine: join(own, files.quarantineFolder),
    session: (id) => join(sessions, id),
    run: (id) => join(sessions, id, files.forgeState),
    receipt: (transferId) => join(receipts, `${transferId}.json`),
  };
}
