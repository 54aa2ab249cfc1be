/** How much an illness hurts: a run may be lost or stand still; something is not as it should be; good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** What is known of an illness, whoever has it. */
export interface Illness {
  readonly name: string;
  readonly severity: Severity;
  readonly meaning: string;
}

/** Every illness that `doctor` knows, by its id, which stays. */
export const illnesses = {
  FR001: {
    name: 'two-owners',
    severity: 'error',
    meaning:
      'Two sessions have a live run of one conversation. A call takes over neither, since only you can know which one goes on: end the other.',
  },
  FR002: {
    name: 'unfinished-transfer',
    severity: 'warning',
    meaning: 'A call was stopped in the middle of a hand-over. The next call from one of its sessions settles it.',
  },
  FR003: {
    name: 'unreadable-run',
    severity: 'warning',
    meaning: 'The file is empty or does not parse, so that its run is never handed over.',
  },
  FR004: {
    name: 'unsafe-run',
    severity: 'warning',
    meaning: 'What stands in the place of a run is a link, no regular file, or over 8 MiB. It is never handed over.',
  },
  FR005: {
    name: 'unsafe-folder',
    severity: 'error',
    meaning: 'A link or a file stands where a folder is expected. Calls refuse to go on, or pass the session over.',
  },
  FR006: {
    name: 'terminal-yet-active',
    severity: 'warning',
    meaning:
      'The phase says that the run is over, "active" says that it is not. It is never handed over, and stands in the way.',
  },
  FR007: {
    name: 'owner-elsewhere',
    severity: 'warning',
    meaning: 'An active run names another session as its owner than the one in whose folder it is.',
  },
  FR008: {
    name: 'dead-pane',
    severity: 'warning',
    meaning:
      'No agent works in the pane that an active run names. Resume its conversation, and the run follows, or end it.',
  },
  FR009: {
    name: 'leftover',
    severity: 'note',
    meaning: 'A stopped call left a temp file behind. The next call that writes that file removes it.',
  },
  FR010: {
    name: 'dead-session-record',
    severity: 'warning',
    meaning: 'session.json names a process that is gone, so that it does not tell which session is current.',
  },
  FR011: {
    name: 'pid-reused',
    severity: 'warning',
    meaning: 'session.json names a process id that another process has by now.',
  },
  FR012: {
    name: 'dead-lock',
    severity: 'warning',
    meaning: 'Whoever holds the lock is gone. The next call takes the lock away.',
  },
  FR013: {
    name: 'weaker-lock',
    severity: 'note',
    meaning:
      'The lock is the folder alone, since the addon fs-native-extensions is not there or not for this platform.',
  },
  FR014: {
    name: 'nested-projects',
    severity: 'note',
    meaning:
      'There are more state directories on the way up. Each command and hook uses the nearest one; remove those that ' +
      'nobody works in.',
  },
  FR015: {
    name: 'weak-file-system',
    severity: 'warning',
    meaning:
      'Kernel locks may only seem to work here, so that two calls at once are not kept apart (promise 4), and what was ' +
      'written may not be safe in a power cut (promise 3). Move the project to a local disk.',
  },
  FR016: {
    name: 'synced-folder',
    severity: 'warning',
    meaning:
      'Another program copies this folder between machines, so that calls of two machines are not kept apart. Leave ' +
      '.rcs out of what it copies.',
  },
  FR017: {
    name: 'hook-missing',
    severity: 'warning',
    meaning:
      'No agent starts forge-resume, or one does not at every event that counts, so that runs are not handed over by ' +
      'themselves.',
  },
  FR018: {
    name: 'other-program-first',
    severity: 'note',
    meaning:
      'Another forge-resume stands earlier in PATH: hooks that name it without a path start that one. Remove it, or put ' +
      'this one first.',
  },
  FR019: {
    name: 'broken-journal',
    severity: 'warning',
    meaning:
      'The note of an unfinished hand-over cannot be understood, so that calls from its sessions are refused or drop it.',
  },
  FR020: {
    name: 'journal-of-other-version',
    severity: 'error',
    meaning:
      'Another version of forge-resume was stopped in the middle of a hand-over. Only that one can settle it; until then ' +
      'calls from its sessions are refused. Use it once, or move the note aside.',
  },
  FR021: {
    name: 'hook-not-run',
    severity: 'warning',
    meaning:
      'A hook is installed, but the agent does not run it. Start the agent anew and trust the hook there (/hooks), or ' +
      'install it again.',
  },
  FR022: {
    name: 'database-away',
    severity: 'error',
    meaning:
      'The runs of this project are in a database that does not answer, or refuses the user. Calls change nothing until it ' +
      'does; the agent goes on.',
  },
  FR023: {
    name: 'database-schema',
    severity: 'error',
    meaning:
      'The tables in the database are missing, or of another release. Make them, or bring them to this release; where they ' +
      'are of a newer one, update this package.',
  },
  FR024: {
    name: 'store-driver-missing',
    severity: 'error',
    meaning: 'The package pg is not installed beside forge-session-resume, so that the database cannot be asked.',
  },
  FR025: {
    name: 'store-configuration',
    severity: 'error',
    meaning:
      'What says in which database the runs are cannot be used, so that no call is made: on files it could make a second ' +
      'owner.',
  },
  FR026: {
    name: 'database-rights',
    severity: 'error',
    meaning: "The database's user lacks rights that calls need; forge-resume db --help lists them.",
  },
  FR027: {
    name: 'unsafe-file',
    severity: 'error',
    meaning:
      'A link or a folder stands where a file of ours is expected. Calls refuse to go on, or cannot note what they did.',
  },
  FR028: {
    name: 'unreadable-session-record',
    severity: 'warning',
    meaning:
      'session.json is empty, does not parse, or cannot be read, so that it does not tell which session is current.',
  },
  FR029: {
    name: 'unknown-claim',
    severity: 'error',
    meaning:
      'The database does not know, or not any more, what this host has seen of a run: a standby without its last commits was ' +
      'promoted, it was put back to an earlier state, or it is another one. Calls that ask for the run are refused until you ' +
      'adopt it.',
  },
} as const satisfies Readonly<Record<string, Illness>>;

/** Id of an illness. */
export type IllnessId = keyof typeof illnesses;
