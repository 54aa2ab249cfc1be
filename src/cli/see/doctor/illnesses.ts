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
      'Two sessions have a live run of one conversation. A call takes over neither, since only you can know which one goes on.',
  },
  FR002: {
    name: 'unfinished-transfer',
    severity: 'warning',
    meaning: 'A call was stopped in the middle of a hand-over. The next call from one of its sessions settles it.',
  },
  FR003: {
    name: 'unreadable-run',
    severity: 'warning',
    meaning: 'The file is empty or does not parse, so that its run is never handed over. It is left as it is.',
  },
  FR004: {
    name: 'unsafe-run',
    severity: 'warning',
    meaning: 'What stands in the place of a run is a link, no regular file, or over 8 MiB. It is never read.',
  },
  FR005: {
    name: 'unsafe-folder',
    severity: 'error',
    meaning: 'A link or a file stands where a folder is expected. Calls refuse to go on.',
  },
  FR006: {
    name: 'terminal-yet-active',
    severity: 'warning',
    meaning: 'The phase says that the run is over, "active" says that it is not. It is never handed over.',
  },
  FR007: {
    name: 'owner-elsewhere',
    severity: 'warning',
    meaning: 'An active run names another session as its owner than the one in whose folder it is.',
  },
  FR008: {
    name: 'dead-pane',
    severity: 'warning',
    meaning: 'No agent works in the pane that an active run names. Resume its conversation, and the run follows.',
  },
  FR009: {
    name: 'leftover',
    severity: 'note',
    meaning: 'A stopped call left a temp file beside a run. The next call from that session removes it.',
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
    meaning: 'There are more state directories on the way up. Each command and hook uses the nearest one.',
  },
  FR015: {
    name: 'weak-file-system',
    severity: 'warning',
    meaning:
      'Kernel locks may only seem to work here, so that two calls at once are not kept apart (promise 4), and what was ' +
      'written may not be safe in a power cut (promise 3).',
  },
  FR016: {
    name: 'synced-folder',
    severity: 'warning',
    meaning: 'Another program copies this folder between machines, so that calls of two machines are not kept apart.',
  },
  FR017: {
    name: 'hook-missing',
    severity: 'warning',
    meaning: 'No configuration of an agent starts forge-resume, so that nothing is handed over by itself.',
  },
  FR018: {
    name: 'other-program-first',
    severity: 'note',
    meaning: 'Another forge-resume stands earlier in PATH: hooks that name it without a path start that one.',
  },
} as const satisfies Readonly<Record<string, Illness>>;

/** Id of an illness. */
export type IllnessId = keyof typeof illnesses;

/** An illness that somebody has. */
export interface Finding {
  readonly id: IllnessId;
  readonly name: string;
  readonly severity: Severity;
  /** What it is about. */
  readonly file: string;
  /** What was seen. */
  readonly evidence: string;
  readonly meaning: string;
  /** Commands that mend it, as argument vectors; one of them is enough. */
  readonly fixes: readonly (readonly string[])[];
  /** What undoes that, as an argument vector; null where there is nothing to undo. */
  readonly undo: readonly string[] | null;
}

/**
 * A finding, with all that is known of its illness.
 *
 * @param id - the illness
 * @param file - what it is about
 * @param evidence - what was seen
 * @param fixes - commands that mend it
 * @param undo - what undoes that
 */
export const finding = (
  id: IllnessId,
  file: string,
  evidence: string,
  fixes: Finding['fixes'] = [],
  undo: Finding['undo'] = null,
): Finding => ({ id, ...illnesses[id], file, evidence, fixes, undo });
