import { codeOf } from '../../machines/guards.ts';
import { errorCodes, messageOf } from '../errors.ts';
import type { RecordedError } from '../inspect/recording/format.ts';
import { type RecordingOptions, startRecording } from '../inspect/recording/start-recording.ts';
import { monotonicMs } from '../store/file/files/monotonic.ts';
import type { StatePaths } from '../store/file/files/paths.ts';
import { readStateFile } from '../store/file/files/state-file.ts';
import type { CallParts, ReconcileOptions, RecordOptions } from './options.ts';
import { notRecorded } from './result.ts';
import type { RunListener } from './run-forge-session-resume.ts';

/** How a call is recorded. */
export interface CallRecording extends Pick<RecordingOptions, 'input' | 'now' | 'since' | 'lookMs'> {
  readonly record: NonNullable<ReconcileOptions['record']>;
  readonly paths: StatePaths;
  readonly caller: CallParts['caller'];
}

/** A call that is being recorded. */
export interface RecordedCall extends RunListener {
  /**
   * Ends the recording.
   *
   * @returns what the caller must be warned of
   */
  readonly end: (end: CallEnd) => readonly string[];
}

/** How a call ended, for its recording. */
interface CallEnd {
  /** What was thrown, in a box: it may be undefined. */
  readonly thrown?: { readonly error: unknown };
  /** What went wrong beside the decision, in our words. */
  readonly warnings: readonly string[];
  /** The same, in the words of whoever threw. */
  readonly foreign: readonly string[];
}

/**
 * Starts the recording of a call. It never throws, and neither does what it gives.
 *
 * @param recording - how
 */
export function recordCall({ record, paths, caller, ...call }: CallRecording): RecordedCall {
  const { to, full = false }: RecordOptions = typeof record === 'object' ? record : { to: record };
  const readRun = (session: string): string | undefined => {
    const read = readStateFile(paths.run(session));
    return read.kind === 'file' ? read.bytes.toString('utf8') : undefined;
  };
  const recorder = startRecording({
    target: to,
    full,
    clock: monotonicMs,
    ...call,
    caller: caller ?? { by: 'library' },
    readRun,
  });
  return {
    inspect: recorder.inspect,
    end: ({ thrown, warnings, foreign }) => {
      const error = thrown === undefined ? undefined : describeError(thrown.error, full);
      const problem = recorder.end({ error, warnings: full ? [...warnings, ...foreign] : warnings });
      return problem === undefined ? [] : [`${notRecorded}${problem}`];
    },
  };
}

/** What a hook throws, or an abort gives as its reason, may hold anything. */
function describeError(error: unknown, full: boolean): RecordedError {
  const code = codeOf(error);
  const isOurs = (errorCodes as readonly string[]).includes(code) && (error as Error).name === 'ForgeResumeError';
  return { code, message: isOurs || full ? messageOf(error) : '' };
}
