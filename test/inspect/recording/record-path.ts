import { type InspectionEvent, SimulatedClock } from 'xstate';
import { runCall } from '../../../src/call/run-call.ts';
import type { ResumePath } from '../../../src/graph/paths.ts';
import type { Recording, RecordingRecord } from '../../../src/inspect/recording/format.ts';
import { readRecording } from '../../../src/inspect/recording/read-recording.ts';
import { callOfInput } from '../../support/call-of-input.ts';
import { scriptedActors } from '../../support/scripted-actors.ts';

/** What a recorded call left. */
export interface Recorded {
  readonly records: readonly RecordingRecord[];
  readonly recording: Recording;
  /** What an observer was told at the same time. */
  readonly inspected: readonly InspectionEvent[];
}

/** Reads records as they would stand in a file; fails where they cannot be read or something was left out. */
export function asRecording(records: readonly RecordingRecord[]): Recording {
  const read = readRecording(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  if (read.kind === 'refused') throw new Error(read.why);
  if (read.notes.length > 0) throw new Error(read.notes.join());
  return read.recording;
}

/** Takes a path through the code of a real call, with actors that answer as the path says, and records it. */
export async function recordPath(path: ResumePath): Promise<Recorded> {
  const clock = new SimulatedClock();
  const records: RecordingRecord[] = [];
  const inspected: InspectionEvent[] = [];
  const watching = {
    record: (record: RecordingRecord) => records.push(record),
    inspect: (event: InspectionEvent) => inspected.push(event),
  };
  const { options, parts } = callOfInput(path.input);
  const alter = () => scriptedActors(path, clock);
  await runCall({ ...options, ...watching }, { ...parts, clock, alter }).catch(() => undefined);
  return { records, recording: asRecording(records), inspected };
}
