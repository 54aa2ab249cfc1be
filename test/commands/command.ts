import type { Command } from '../../machines/contract.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { runCall } from '../../src/call/run-call.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** Whose call it is, where that matters. */
interface Caller {
  readonly current?: string;
  readonly session?: string;
  readonly thread?: string;
  readonly pane?: string;
  readonly hooks?: { readonly afterTargetWrite?: () => unknown };
}

/**
 * Makes the call of a person in a sandbox.
 *
 * @param sandbox - the project
 * @param command - what the person asks for
 * @param caller - from where; default session `now`, no ids, no pane
 */
export function command(
  sandbox: Sandbox,
  command: Command,
  { current = 'now', session = '', thread = '', pane, hooks = {} }: Caller = {},
): Promise<ReconcileResult> {
  const env = { RCS_SESSION_ID: current, TMUX_PANE: pane };
  const options = { stateDir: sandbox.stateDir, payloadSessionId: session, payloadThreadId: thread, env, hooks };
  return runCall(options, { command });
}
