import type { Actors, LookOutput } from '../../machines/contract.ts';
import { type CallRecording, recordCall } from './record-call.ts';
import type { ReconcileResult } from './result.ts';
import { runForgeSessionResume } from './run-forge-session-resume.ts';

/**
 * Lets the machine decide what a look has answered, so that it is recorded; no store is loaded for that.
 *
 * @param looked - the look's answer
 * @param recording - how the call is recorded
 */
export async function recordLook(
  looked: Extract<LookOutput, { readonly kind: 'answered' }>,
  recording: CallRecording,
): Promise<ReconcileResult> {
  const recorded = recordCall(recording);
  // An answer is the machine's end: it asks nobody else.
  const actors = { look: () => looked } as unknown as Actors;
  const result = await runForgeSessionResume({ actors, input: recording.input }, recorded);
  const warnings = recorded.end({ warnings: [], foreign: [] });
  return warnings.length > 0 ? { ...result, warnings } : result;
}
