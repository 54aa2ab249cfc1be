import type { RecordingOptions } from '../inspect/recording/open-recording.ts';
import { monotonicMs } from '../store/file/files/monotonic.ts';
import type { StatePaths } from '../store/file/files/paths.ts';
import { readStateFile } from '../store/file/files/state-file.ts';
import type { CallParts, ReconcileOptions, RecordOptions } from './options.ts';

/** How a call is recorded. */
export interface CallRecording extends Pick<RecordingOptions, 'input' | 'now' | 'since' | 'lookMs'> {
  readonly record: NonNullable<ReconcileOptions['record']>;
  readonly paths: StatePaths;
  readonly caller: CallParts['caller'];
  /** Kind of the store that the runs are in; default `file`. */
  readonly store?: string | undefined;
  /** Reads the run of a session for the recording; default its file. */
  readonly readRun?: ((session: string) => string | undefined) | undefined;
}

/**
 * What a recording needs to know of a call.
 *
 * @param recording - how the call is recorded
 */
export function recordingOptions({
  record,
  paths,
  caller,
  readRun,
  store = 'file',
  ...call
}: CallRecording): RecordingOptions {
  const { to, full = false }: RecordOptions = typeof record === 'object' ? record : { to: record };
  const readFile = (session: string): string | undefined => {
    const read = readStateFile(paths.run(session));
    return read.kind === 'file' ? read.bytes.toString('utf8') : undefined;
  };
  return {
    target: to,
    full,
    store,
    clock: monotonicMs,
    ...call,
    caller: caller ?? { by: 'library' },
    readRun: readRun ?? readFile,
  };
}
