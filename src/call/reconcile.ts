import type { InspectionEvent } from 'xstate';
import { conditions, delays } from '../../machines/conditions.ts';
import type { ActorScope, Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { updates } from '../../machines/updates.ts';
import type { ChartConfig } from '../interpreter/chart-config.ts';
import { makeInterpreter } from '../interpreter/interpret.ts';
import { lookUpPane } from '../pane/tmux.ts';
import { patientClock } from '../patient-clock.ts';
import { reasons } from '../rules/protocol.ts';
import { trimmedText } from '../rules/text.ts';
import { openFileStore } from '../store/file/index.ts';
import { orAborted } from '../store/file/lock/or-aborted.ts';
import type { ReconcileResult } from './result.ts';

/** A caller's steps at two instants of a call; both may be async, and what they throw is rethrown as it is. */
export interface ReconcileHooks {
  /** Runs as soon as the lock is held, before anything is read (rule 1). */
  readonly afterLockAcquired?: (() => unknown) | undefined;
  /** Runs between the two writes of a transfer (rule 7). */
  readonly afterTargetWrite?: (() => unknown) | undefined;
}

/** What a call needs to know (spec.md, "Call"). */
export interface ReconcileOptions {
  /** The state directory, `<project>/.rcs/state`; result paths start with it as given. */
  readonly stateDir: string;
  /** The agent's session id as its payload gave it; read as text, trimmed once. */
  readonly payloadSessionId?: unknown;
  /** The agent's thread id as its payload gave it; read as text, trimmed once. */
  readonly payloadThreadId?: unknown;
  /** Environment of the call; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly hooks?: ReconcileHooks | undefined;
  /** Aborts the call: before the target write nothing changes, between the writes it rolls back, later it is ignored. */
  readonly signal?: AbortSignal | undefined;
  /** Observes every event of the statechart, as XState's `inspect` option does. */
  readonly inspect?: ((event: InspectionEvent) => void) | undefined;
}

/** Timers as XState asks for them; its `SimulatedClock` is one. */
export interface CallClock {
  setTimeout(action: (...args: unknown[]) => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Parts of a call that tests and benches may replace. */
export interface CallParts {
  /** Time for delays; default the real one. */
  readonly clock?: CallClock | undefined;
  /** The instant of the call; default now. */
  readonly now?: Date | undefined;
  /** Changes the actors of the call, for those who must hear of each start. */
  readonly alter?: ((actors: Actors) => Actors) | undefined;
}

/**
 * Hands the live forge run of a resumed conversation over to the current session, exactly once (spec.md, rules 1-10).
 *
 * @param options - state directory, payload ids, environment, hooks
 * @returns what was decided; every reason is one of {@link reasons}
 * @throws ForgeResumeError with a code of `errorCodes` where something could not be created or written
 * @throws whatever a hook threw, or the reason of an aborted signal, as the same object
 * @example
 * const result = await reconcileForgeSessionResume({
 *   stateDir: '/project/.rcs/state',
 *   payloadSessionId: payload.session_id,
 * });
 * if (result.resumed) console.log(`run moved from ${result.sourcePath} to ${result.targetPath}`);
 */
export function reconcileForgeSessionResume(options: ReconcileOptions): Promise<ReconcileResult> {
  return runCall(options, {});
}

/** {@link reconcileForgeSessionResume} under its second name (spec.md, "Call"). */
export const reconcileForgeSessionResumeAlias: typeof reconcileForgeSessionResume = reconcileForgeSessionResume;

/**
 * Composes store, pane and hooks with the machine and runs it once.
 *
 * @param options - the caller's
 * @param parts - replaced parts
 */
export async function runCall(options: ReconcileOptions, parts: CallParts): Promise<ReconcileResult> {
  const { env = process.env, hooks = {}, signal } = options;
  const clock = parts.clock ?? patientClock;
  const store = openFileStore({ stateDir: options.stateDir, env, now: parts.now ?? new Date(), signal }, clock);
  const errors = new Map<string, unknown>();
  const actors = noting(errors, {
    ...store.actors,
    findPane: async () => {
      const pane = await lookUpPane(env, signal);
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
    afterLockAcquired: hookActor(hooks.afterLockAcquired, signal),
    afterTargetWrite: hookActor(hooks.afterTargetWrite, signal),
  });
  const input = {
    payloadSessionId: trimmedText(options.payloadSessionId),
    payloadThreadId: trimmedText(options.payloadThreadId),
  };
  try {
    const altered = parts.alter?.(actors) ?? actors;
    return conclude(await runChart(altered, input, clock, options.inspect), errors);
  } finally {
    // Whatever the machine did, the lease must not outlive the call: what an actor returns after it was stopped is dropped.
    store.close();
  }
}

const interpret = makeInterpreter(forgeSessionResumeMachine.config as unknown as ChartConfig, {
  guards: conditions,
  updates,
  delays,
});

/** Runs the chart: in XState where somebody watches, else without its cost. */
async function runChart(
  actors: Actors,
  input: MachineInput,
  clock: CallClock,
  inspect: ReconcileOptions['inspect'],
): Promise<MachineOutput> {
  if (inspect === undefined) return await interpret(actors, input, clock);
  const { runInspected } = await import('../run-inspected.ts');
  return await runInspected(actors, input, clock, inspect);
}

/** Keeps the errors of actors, since the machine knows only their codes. */
function noting(errors: Map<string, unknown>, { keepLock, ...bodies }: Actors): Actors {
  const noted = Object.entries(bodies).map(([name, body]) => [
    name,
    async (input: never, scope: ActorScope) => {
      try {
        return await body(input, scope);
      } catch (error) {
        errors.set(name, error);
        throw error;
      }
    },
  ]);
  return { keepLock, ...Object.fromEntries(noted) };
}

/** A hook as an actor: an abort ends the wait for it, and what it throws passes through. */
function hookActor(hook: (() => unknown) | undefined, signal: AbortSignal | undefined) {
  return async (): Promise<{ kind: 'done' }> => {
    signal?.throwIfAborted();
    if (hook !== undefined) await orAborted(Promise.resolve(hook()), signal);
    return { kind: 'done' };
  };
}

function conclude(output: MachineOutput, errors: ReadonlyMap<string, unknown>): ReconcileResult {
  if (output.failure !== null) throw errors.get(output.failure.actor);
  if (output.reason === null) throw new Error('the machine ended without a decision');
  return {
    currentRcsSessionId: output.currentId,
    resumed: output.reason === reasons.resumed,
    updatedCurrentOwner: output.updatedOwner,
    reason: output.reason,
    ...(output.source ? { sourcePath: output.source.location } : {}),
    ...(output.target ? { targetPath: output.target.location } : {}),
    ...(output.recovered.length > 0 ? { recovered: output.recovered } : {}),
  };
}
