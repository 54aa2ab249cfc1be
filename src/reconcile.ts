import { createActor, fromCallback, type InspectionEvent, toPromise } from 'xstate';
import type { ActorBody, ActorInput, ActorName, Actors, MachineOutput } from '../machines/contract.ts';
import { forgeSessionResumeMachine } from '../machines/forge-session-resume.ts';
import { orAborted } from './abort.ts';
import { type AnswerLogic, fromAnswer } from './answer-logic.ts';
import { lookUpPane } from './pane/tmux.ts';
import type { ReconcileResult } from './result.ts';
import { reasons } from './rules/protocol.ts';
import { trimmedText } from './rules/text.ts';
import { openFileStore } from './store/file/index.ts';

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
  const clock = parts.clock ?? realClock;
  const store = openFileStore({ stateDir: options.stateDir, env, now: parts.now ?? new Date(), signal }, clock);
  const errors = new Map<string, unknown>();
  const actors: Actors = {
    ...store.actors,
    findPane: async () => {
      const pane = await lookUpPane(env, signal);
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
    afterLockAcquired: hookActor(hooks.afterLockAcquired, signal),
    afterTargetWrite: hookActor(hooks.afterTargetWrite, signal),
  };
  const actor = createActor(providedMachine, {
    clock,
    input: {
      payloadSessionId: trimmedText(options.payloadSessionId),
      payloadThreadId: trimmedText(options.payloadThreadId),
    },
    ...(options.inspect ? { inspect: options.inspect } : {}),
  });
  runningCalls.set(actor.system, { actors, errors });
  try {
    const ended = toPromise(actor);
    actor.start();
    return conclude(await ended, errors);
  } finally {
    // Whatever the machine did, the lease must not outlive the call: XState drops what an actor that it has stopped returns.
    store.close();
  }
}

const realClock: CallClock = {
  setTimeout: (action, ms) => setTimeout(action, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** What the shared machine's actors look up of the call that they run in. */
interface RunningCall {
  readonly actors: Actors;
  /** Errors by actor, since the machine knows only their codes. */
  readonly errors: Map<string, unknown>;
}

const runningCalls = new WeakMap<object, RunningCall>();

const callOf = (system: object): RunningCall => {
  const call = runningCalls.get(system);
  if (call === undefined) throw new Error('no call runs in this actor system');
  return call;
};

const actorNames = [
  'acquireLock',
  'afterLockAcquired',
  'recover',
  'readCurrent',
  'findPane',
  'updateOwner',
  'scanCandidates',
  'retireCopies',
  'prepare',
  'writeTarget',
  'afterTargetWrite',
  'writeSource',
  'replan',
  'commit',
  'rollback',
  'release',
] as const satisfies readonly ActorName[];

const logicOf = (name: ActorName): AnswerLogic =>
  fromAnswer(async (input, scope) => {
    const { actors, errors } = callOf(scope.system);
    try {
      return await (actors[name] as ActorBody<ActorName>)(input as ActorInput<ActorName>, scope);
    } catch (error) {
      errors.set(name, error);
      throw error;
    }
  });

/** Provided once: building the machine's states costs more than a whole call that changes nothing. */
const providedMachine = forgeSessionResumeMachine.provide({
  actors: {
    ...Object.fromEntries(actorNames.map((name) => [name, logicOf(name)])),
    keepLock: fromCallback(({ system }) => callOf(system).actors.keepLock()),
  },
});

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
