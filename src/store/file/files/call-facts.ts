import type { MachineInput, RunHandle } from '../../../../machines/contract.ts';
import type { OwnerFacts, PayloadIdentity } from '../../../rules/ownership.ts';
import type { PaneRow } from '../../../rules/pane.ts';
import type { CallNotes } from './call-notes.ts';
import type { DryFiles } from './dry-files.ts';
import type { StatePaths } from './paths.ts';

/** What a caller tells the store about one call. */
export interface CallOptions {
  /** Where things are, resolved once: the working folder may change while a hook runs. */
  readonly paths: StatePaths;
  /** The environment that may name the current session (src/rules/README.md#rule-2-current-session). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The one instant of the call. */
  readonly now: Date;
  /** The caller's wish to stop; looked at before each step that changes something. */
  readonly signal?: AbortSignal | undefined;
  /** Finds the agent's pane, empty if none is known; told which one the run names already, if any. */
  readonly findPane: (named?: unknown) => Promise<string>;
  /**
   * Whether a run that was handed over from the current session may come back to it
   * (src/rules/README.md#rule-4-current-run-present).
   */
  readonly comeHome?: boolean | undefined;
  /** The panes that tmux had before the lock, where the call must know whether an owner lives. */
  readonly panes?: readonly PaneRow[] | undefined;
  /** `carry`: files go with the run without which a runtime does not go on (src/rules/README.md#rule-7-transfer). */
  readonly companions?: 'carry' | undefined;
  /** The call takes no lock and writes nothing: what it would write is kept there, and read from there. */
  readonly dry?: DryFiles | undefined;
  /** Where the call notes what it does, if anybody wants to know. */
  readonly notes?: CallNotes | undefined;
}

/**
 * The handle of a session's run.
 *
 * @param paths - the state directory's
 * @param id - the session
 */
export function runHandle(paths: StatePaths, id: string): RunHandle {
  return { id, location: paths.location(id) };
}

/**
 * What the rules need to know to write an owner.
 *
 * @param call - gives the instant, formatted only where it is asked for
 * @param currentId - the current session
 * @param identity - the payload's ids
 * @param pane - the agent's pane, empty if none is known
 */
export function ownerFacts(
  call: { readonly now: string },
  currentId: string,
  identity: PayloadIdentity,
  pane: string,
): OwnerFacts {
  return {
    currentId,
    identity,
    pane,
    get now() {
      return call.now;
    },
  };
}

/** The payload's ids as the rules call them. */
export function identityOfInput(input: MachineInput): PayloadIdentity {
  return { sessionId: input.payloadSessionId, threadId: input.payloadThreadId };
}
