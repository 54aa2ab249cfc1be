import type { LookOutput } from '../../machines/contract.ts';
import { lookRecords } from '../inspect/recording/look-records.ts';
import { openRecording } from '../inspect/recording/open-recording.ts';
import { RunWatch } from '../inspect/recording/run-watch.ts';
import { type CallRecording, recordingOptions } from './recording-options.ts';
import { notRecorded, type ReconcileResult, resultOfAnswer } from './result.ts';

/**
 * Records a call that its look has answered; neither the machine nor a store is loaded for that.
 *
 * @param output - the look's answer
 * @param recording - how the call is recorded
 */
export function recordLook(
  output: Extract<LookOutput, { readonly kind: 'answered' }>,
  recording: CallRecording,
): ReconcileResult {
  const options = recordingOptions(recording);
  const { input, full, readRun } = options;
  const { writer, look } = openRecording(options);
  const runs = new RunWatch(readRun, full, input);
  const heard = writer.now();
  const met = runs.meet(output, heard);
  for (const draft of lookRecords({ input, output, look, heard, ended: writer.now(), runs: met })) writer.put(draft);
  const problem = writer.close();
  const result = resultOfAnswer(output.answer);
  return problem === undefined ? result : { ...result, warnings: [`${notRecorded}${problem}`] };
}
