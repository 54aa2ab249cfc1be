/**
 * One call as JSON lines: a header, then flat records in the order in which things happened, then an end. UTF-8, one
 * object a line; a torn last line is fine. `recording.schema.json` beside this file says the same as JSON Schema.
 *
 * Within one version fields and kinds of records may be added: a reader passes over what it does not know. A change
 * that would mislead such a reader raises {@link recordingVersion}.
 */

import type { MachineInput, MachineOutput } from '../../../machines/contract.ts';
import type { GuardAnswer } from '../../../machines/hear-guards.ts';
import type { Reason } from '../../rules/protocol.ts';

/** What every header says of itself. */
export const recordingFormat = 'forge-session-resume-recording';
/** The version that this package writes, and the newest that it reads. */
export const recordingVersion = 1;

/** The first line: what was recorded, where, with what, and what was left out. */
export interface RecordingHeader {
  readonly kind: 'header';
  readonly format: typeof recordingFormat;
  readonly version: typeof recordingVersion;
  /** Version of this package. */
  readonly package: string;
  /** Which chart the machine had: the first 16 hex digits of its SHA-256 (`chartHash`). */
  readonly chart: string;
  /** The instant of the call, ISO 8601; every `t` counts from the start of the recording. */
  readonly at: string;
  /** Who called: `library`, or a command of `forge-resume` such as `hook`. */
  readonly by: string;
  /** The event of a hook's payload, such as `Stop`. */
  readonly event?: string;
  /** Where the call ran. */
  readonly host: RecordingHost;
  /** Kind of the store that the runs are in: `file` or `postgres`. */
  readonly store: string;
  /** Whether message texts and fields of runs that the rules do not know were recorded too. */
  readonly full: boolean;
  /** What was left out, in words; empty where `full`. */
  readonly omitted: readonly string[];
  /** What the machine was given: the payload's ids, and what was asked for. */
  readonly input: MachineInput;
  /** The agent's payload as it came, message texts included; only where `full`. */
  readonly payload?: unknown;
}

/** Where a call ran. */
export interface RecordingHost {
  /** Node's version, without `v`. */
  readonly node: string;
  /** The operating system, as `process.platform` names it. */
  readonly platform: string;
  /** The processor, as `process.arch` names it. */
  readonly arch: string;
  /** Id of the process that made the call. */
  readonly pid: number;
}

/** What every record behind the header has. */
interface Numbered {
  /** 0, 1, 2, … in the order of the file. */
  readonly n: number;
  /** Milliseconds since the start of the recording, three decimals. */
  readonly t: number;
}

/** A field of the machine's context that a step changed. */
export interface ContextChange {
  /** Its value before the step. */
  readonly before: unknown;
  /** Its value behind it. */
  readonly after: unknown;
}

/** The machine heard of something and went on. */
export interface StepRecord extends Numbered {
  readonly kind: 'step';
  /** XState's name of the event: `xstate.init`, `xstate.done.actor.look`, `xstate.after.lockRetry.…`. */
  readonly event: string;
  /** The actor that answered or failed; null at the start and for delays. */
  readonly actor: string | null;
  /** What the actor answered. */
  readonly output?: unknown;
  /** Code of the error that the actor failed with, `UNKNOWN` where it had none. */
  readonly code?: string;
  /** Where the machine was, a dotted path such as `locked.transfer.prepare`; null at the start. */
  readonly from: string | null;
  /** Where it is now, a dotted path. */
  readonly to: string;
  /** Id of the transition as `forge-resume graph --format json` has it; null at the start. */
  readonly transition: string | null;
  /** The guards that were asked, in order, with what they said. */
  readonly guards: readonly GuardAnswer[];
  /** Names of the actions that ran, in order. */
  readonly actions: readonly string[];
  /** Changed fields of the context by their names. */
  readonly changes: Readonly<Record<string, ContextChange>>;
}

/** An actor was started. */
export interface ActorStartRecord extends Numbered {
  readonly kind: 'actor';
  /** Its name. */
  readonly actor: string;
  readonly phase: 'started';
  /** What it was given. */
  readonly input: unknown;
}

/** An actor answered, failed or was stopped. */
export interface ActorEndRecord extends Numbered {
  readonly kind: 'actor';
  /** Its name. */
  readonly actor: string;
  /** Whether it answered, failed, or was stopped before it did. */
  readonly phase: 'done' | 'error' | 'stopped';
  /** Milliseconds since it was started. */
  readonly duration: number;
  /** What it answered; only where `done`. */
  readonly output?: unknown;
  /** Code of its error, `UNKNOWN` where it had none; only where `error`. */
  readonly code?: string;
}

/** Start or end of an actor. */
export type ActorRecord = ActorStartRecord | ActorEndRecord;

/** A transition of the chart that was recorded. */
export interface RecordedTransition {
  /** XState's name of the event. */
  readonly event: string;
  /** Name of the guard that must agree; absent where it is always taken. */
  readonly guard?: string;
  /** The state that it leads to; absent where the state stays. */
  readonly target?: string;
}

/** A state of the chart that was recorded. */
export interface RecordedState {
  /** A dotted path, such as `locked.transfer.prepare`. */
  readonly name: string;
  /** Absent where it holds no other states and is no end. */
  readonly type?: 'compound' | 'parallel' | 'final' | 'history';
  /** Whether it is entered first when what holds it is; absent where not. */
  readonly initial?: true;
  /** Ids of the actors that run while it is active. */
  readonly invokes?: readonly string[];
  /** Those that leave from it, in the order in which they are tried; absent where there are none. */
  readonly transitions?: readonly RecordedTransition[];
}

/** The chart of the machine that ran, for versions of the package that have another one; no look that answers has it. */
export interface ChartRecord extends Numbered {
  readonly kind: 'chart';
  /** In document order, a parent before what it holds. */
  readonly states: readonly RecordedState[];
}

/** What a run held when the call came upon it, or when it was done with it. */
export interface RunRecord extends Numbered {
  readonly kind: 'run';
  /** Id of the session that the run is in. */
  readonly session: string;
  /** Whether it is the current session's run, or the one that is handed over. */
  readonly role: 'current' | 'source';
  /** Whether the call came upon it, or was done with it. */
  readonly when: 'before' | 'after';
  /** The fields that the rules know, all of them where `full`; null where there is no run that can be read. */
  readonly state: Readonly<Record<string, unknown>> | null;
  /** How many fields were left out; their names stay out as well. */
  readonly omitted: number;
}

/** What a call threw. */
export interface RecordedError {
  /** One of `errorCodes`, or `UNKNOWN`. */
  readonly code: string;
  /** Our own errors' message; that of a foreign error only where `full`. */
  readonly message: string;
}

/** The last line: how the call ended. A recording without it was cut off. */
export interface EndRecord extends Numbered {
  readonly kind: 'end';
  /** Why the call ended as it did; null where it threw. */
  readonly reason: Reason | null;
  /** What the machine ended with; null where it did not come to an end. */
  readonly output: MachineOutput | null;
  /** What the call threw; absent where it did not. */
  readonly error?: RecordedError;
  /** What went wrong beside the decision; absent if nothing did. */
  readonly warnings?: readonly string[];
}

/** A record behind the header. */
export type FlatRecord = ChartRecord | StepRecord | ActorRecord | RunRecord | EndRecord;
/** One line of a recording. */
export type RecordingRecord = RecordingHeader | FlatRecord;

/** A recording as it was read: its header and what came behind it, as far as it was whole. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly records: readonly FlatRecord[];
}
