import { codeOf } from '../../machines/guards.ts';
import { errorCodes, messageOf } from '../errors.ts';
import type { RecordedError } from '../inspect/recording/format.ts';
import { openRecording } from '../inspect/recording/open-recording.ts';
import { Recorder } from '../inspect/recording/recorder.ts';
import { type CallRecording, recordingOptions } from './recording-options.ts';
import { notRecorded } from './result.ts';
import type { RunListener } from './run-forge-session-resume.ts';

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
export function recordCall(recording: CallRecording): RecordedCall {
  const options = recordingOptions(recording);
  const { full, input, readRun } = options;
  const recorder = new Recorder({ ...openRecording(options), full, input, readRun });
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
