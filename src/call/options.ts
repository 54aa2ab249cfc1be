import type { Actors, Command } from '../../machines/contract.ts';
import type { RecordedCaller } from '../inspect/recording/open-recording.ts';
import type { RecordTarget } from '../inspect/recording/open-sink.ts';
import type { listPanes } from '../pane/tmux.ts';
import type { Policies } from '../rules/policies.ts';
import type { CallNotes } from '../store/file/files/call-notes.ts';
import type { Inspect } from './observer.ts';

/** What a hook is told of a transfer. */
export interface TransferNotice {
  /** The session that the run leaves. */
  readonly from: string;
  /** The session that it comes to. */
  readonly to: string;
  /** File of the run in `from`; the state directory as given, joined, not resolved. */
  readonly sourcePath: string;
  /** File of the run in `to`; likewise. */
  readonly targetPath: string;
  /** Id of the transfer, by which `forge-resume undo` takes it back. */
  readonly transferId: string;
}

/**
 * A caller's steps at some instants of a call; all may be async. A call that one of them makes on the same state
 * directory is refused as `REENTRANT` while it runs.
 */
export interface ReconcileHooks {
  /**
   * Runs as soon as the lock is held, before anything is read (src/rules/README.md#rule-1-lock). A call that has it
   * takes the lock always. What it throws is rethrown as it is.
   */
  readonly afterLockAcquired?: (() => unknown) | undefined;
  /**
   * Runs between the two writes of a transfer (src/rules/README.md#rule-7-transfer). What it throws undoes the transfer
   * and is rethrown as it is.
   */
  readonly afterTargetWrite?: ((notice: TransferNotice) => unknown) | undefined;
  /** Runs once a transfer is settled, still under the lock. What it throws is one of the result's warnings. */
  readonly afterCommit?: ((notice: TransferNotice) => unknown) | undefined;
}

/** What is recorded of a call (README.md#seeing-it-run-recordings). */
export interface RecordOptions {
  /**
   * A file; a folder, if it is there or the path ends in `/`, which keeps the last 200 recordings, 20 MB at most; or a
   * function that is told of each record. What cannot be recorded is one of the result's warnings.
   */
  readonly to: RecordTarget;
  /**
   * Whether fields of runs that the rules do not know, long texts and the messages of foreign errors are recorded too.
   * Default false: a recording can be shown around then, but for ids and paths.
   */
  readonly full?: boolean | undefined;
}

/** What a call needs to know (src/rules/README.md#the-call), and the policies that it is to keep to. */
export interface ReconcileOptions extends Policies {
  /** The state directory, `<project>/.rcs/state`; result paths start with it as given. */
  readonly stateDir: string;
  /** The agent's session id as its payload gave it; read as text, trimmed once. */
  readonly payloadSessionId?: unknown;
  /** The agent's thread id as its payload gave it; read as text, trimmed once. */
  readonly payloadThreadId?: unknown;
  /** Environment of the call; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The caller's own steps. */
  readonly hooks?: ReconcileHooks | undefined;
  /**
   * Whether a run that was handed over from the current session may come back to it
   * (src/rules/README.md#rule-4-current-run-present); for the moments at which a user goes on in a session, not for the
   * end of a turn. Default false.
   */
  readonly comeHome?: boolean | undefined;
  /**
   * `carry`: files beside the run without which its runtime does not go on are carried along
   * (src/rules/README.md#rule-7-transfer).
   */
  readonly companions?: 'carry' | undefined;
  /** Aborts the call: before the target write nothing changes, between the writes it rolls back, later it is ignored. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Observes every event of the statechart: a function or an observer, as XState's `inspect` option takes them. What it
   * throws changes nothing.
   */
  readonly inspect?: Inspect | undefined;
  /**
   * Records the call: every step, the guards that were asked, what actors answered. A call that is recorded runs the
   * statechart even where a look would have answered it; it decides the same.
   */
  readonly record?: RecordTarget | RecordOptions | undefined;
}

/** Timers as XState asks for them; its `SimulatedClock` is one. */
export interface CallClock {
  /** Runs an action after so many milliseconds. */
  setTimeout(action: (...args: unknown[]) => void, ms: number): unknown;
  /** Gives up a timer that {@link CallClock.setTimeout} made. */
  clearTimeout(timer: unknown): void;
}

/** Parts of a call that tests and benches may replace. */
export interface CallParts {
  /** Time for delays; default the real one. */
  readonly clock?: CallClock | undefined;
  /** The instant of the call; default now. */
  readonly now?: Date | undefined;
  /** What a person asks for; absent: the automatic hand-over. */
  readonly command?: Command | undefined;
  /** Lists the panes by which the life of an owner is judged; default those of tmux. */
  readonly listPanes?: typeof listPanes | undefined;
  /** Whether this process is a child of the agent, which tells its pane. */
  readonly isAgentChild?: boolean | undefined;
  /** Where the call notes what it does; nothing is noted by default. */
  readonly notes?: CallNotes | undefined;
  /** Who calls, for recordings; default the library. */
  readonly caller?: RecordedCaller | undefined;
  /** Changes the actors of the call, for those who must hear of each start; the machine runs then in any case. */
  readonly alter?: ((actors: Actors) => Actors) | undefined;
}
