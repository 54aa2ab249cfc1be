import { callChannel } from './call-channel.ts';
import { checkOptions } from './check-options.ts';
import type { ReconcileOptions } from './options.ts';
import type { ReconcileResult } from './result.ts';

/**
 * Hands the live forge run of a resumed conversation over to the current session, exactly once
 * (src/rules/README.md#rule-0-look to src/rules/README.md#rule-10-unsafe-files). Where somebody listens, the call is
 * published on `node:diagnostics_channel` once it has ended (README.md#seen-by-programs).
 *
 * @param options - state directory, payload ids, environment, hooks
 * @returns what was decided; every reason is one of `reasons`
 * @throws TypeError where an option is of a wrong type
 * @throws ForgeResumeError with a code of `errorCodes` where something could not be created or written
 * @throws whatever a hook threw, or the reason of an aborted signal, as the same object
 * @example
 * const result = await reconcileForgeSessionResume({
 *   stateDir: '/project/.rcs/state',
 *   payloadSessionId: payload.session_id,
 * });
 * if (result.resumed) console.log(`run moved from ${result.sourcePath} to ${result.targetPath}`);
 */
export async function reconcileForgeSessionResume(options: ReconcileOptions): Promise<ReconcileResult> {
  checkOptions(options);
  // What a call needs loads with the first one: a host that only imports us pays for none of it.
  const { runCall } = await import('./run-call.ts');
  const channel = callChannel();
  if (!channel.hasSubscribers) return await runCall(options);
  const { runReported } = await import('./run-reported.ts');
  return await runReported(options, channel);
}

/** {@link reconcileForgeSessionResume} under its second name (src/rules/README.md#the-call). */
export const reconcileForgeSessionResumeAlias: typeof reconcileForgeSessionResume = reconcileForgeSessionResume;
