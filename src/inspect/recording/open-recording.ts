import type { MachineInput } from '../../../machines/contract.ts';
import { type RecordingHeader, recordingFormat, recordingVersion } from './format.ts';
import { knownChart } from './known-chart.ts';
import type { LookTime } from './look-records.ts';
import { openSink, type RecordTarget } from './open-sink.ts';
import { packageVersion } from './package-version.ts';
import { longestText } from './plain-copy.ts';
import { RecordWriter } from './record-writer.ts';

/** Who makes a recorded call. */
export interface RecordedCaller {
  /** `library`, or a command of `forge-resume`. */
  readonly by: string;
  /** The event of a hook's payload. */
  readonly event?: string | undefined;
  /** The agent's payload. */
  readonly payload?: unknown;
}

/** What is recorded, and where to. */
export interface RecordingOptions {
  readonly target: RecordTarget;
  readonly full: boolean;
  /** Kind of the store that the runs are in. */
  readonly store: string;
  readonly input: MachineInput;
  readonly now: Date;
  /** Time that never goes back, milliseconds, with fractions. */
  readonly clock: () => number;
  /** When the call began, by that clock. */
  readonly since: number;
  /** How long its look took, milliseconds. */
  readonly lookMs: number;
  readonly caller: RecordedCaller;
  readonly readRun: (session: string) => string | undefined;
}

const omitted = [
  'message texts',
  'fields of runs that the rules do not know',
  'messages of errors that are not ours',
  `what texts have beyond ${longestText} characters`,
];

/** Largest payload that is recorded, UTF-16 units of its JSON. */
const longestPayload = 1_048_576;

/** A recording that was begun. */
export interface OpenedRecording {
  readonly writer: RecordWriter;
  readonly look: LookTime;
}

/**
 * Begins the recording of one call: its header is written.
 *
 * @param options - what, and where to
 */
export function openRecording(options: RecordingOptions): OpenedRecording {
  const { target, now, clock, since, lookMs } = options;
  const writer = new RecordWriter({ header: makeHeader(options), sink: openSink(target, now), clock, since });
  return { writer, look: { t: inMicroseconds(lookMs), duration: inMicroseconds(lookMs) } };
}

const inMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

function makeHeader({ full, store, input, now, caller }: RecordingOptions): RecordingHeader {
  const payload = full ? payloadOf(caller) : {};
  return {
    kind: 'header',
    format: recordingFormat,
    version: recordingVersion,
    package: packageVersion,
    chart: knownChart,
    at: now.toISOString(),
    by: caller.by,
    ...(caller.event ? { event: caller.event } : {}),
    host: {
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      pid: process.pid,
    },
    store,
    full,
    omitted: full ? (payload === undefined ? ['the payload: it is too large'] : []) : omitted,
    input,
    ...payload,
  };
}

function payloadOf({ payload }: RecordedCaller): { readonly payload?: unknown } | undefined {
  if (payload === undefined) return {};
  try {
    return JSON.stringify(payload).length <= longestPayload ? { payload } : undefined;
  } catch {
    return undefined;
  }
}
