import { createActor, type InspectionEvent, toPromise } from 'xstate';
import type { Actors, LookOutput, MachineInput, TransferHandle } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { messageOf } from '../errors.ts';
import type { CallOptions } from '../store/file/files/call-facts.ts';
import { openFileStore } from '../store/file/index.ts';
import { orAborted } from '../store/file/lock/or-aborted.ts';
import { hookScope } from '../store/file/lock/reentry.ts';
import { type Around, actorLogic, type Cast } from './actor-logic.ts';
import type { CallParts, ReconcileHooks, ReconcileOptions, TransferNotice } from './options.ts';
import { type ReconcileResult, resultOfMachine } from './result.ts';

export { loadAhead } from '../store/file/index.ts';

const casts = new WeakMap<object, Cast>();

/** Built once: each run finds its own actors by its system, since building the states takes longer than running them. */
const machine = forgeSessionResumeMachine.provide({
  actors: actorLogic((system) => {
    const cast = casts.get(system);
    if (cast === undefined) throw new Error('a run of the machine without actors');
    return cast;
  }),
});

/** One call that a look did not end. */
export interface MachineCall {
  readonly call: CallOptions;
  readonly input: MachineInput;
  /** What the look found; the machine starts with it, so that nothing is read twice. */
  readonly looked: LookOutput;
  readonly hooks: ReconcileHooks;
  readonly inspect: ReconcileOptions['inspect'];
  readonly parts: CallParts;
}

/**
 * Composes store, pane and hooks with the machine and runs it once.
 *
 * @param options - the call
 * @throws what `reconcileForgeSessionResume` throws
 */
export async function runMachine({
  call,
  input,
  looked,
  hooks,
  inspect,
  parts,
}: MachineCall): Promise<ReconcileResult> {
  const store = openFileStore(call, parts.clock);
  const scope = hookScope(call.paths.stateDir);
  const warnings: string[] = [];
  const actors: Actors = {
    ...store.actors,
    look: () => looked,
    findPane: async () => {
      const pane = await call.findPane();
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
    afterLockAcquired: () => runHook(scope, call.signal, hooks.afterLockAcquired),
    afterTargetWrite: ({ transfer }) => runHook(scope, call.signal, hooks.afterTargetWrite, noticeOf(transfer)),
    // Behind the commit point nothing stops a call any more.
    afterCommit: async ({ transfer }) => {
      try {
        return await runHook(scope, undefined, hooks.afterCommit, noticeOf(transfer));
      } catch (error) {
        warnings.push(`the hook afterCommit failed: ${messageOf(error)}`);
        throw error;
      }
    },
  };
  // The machine knows only codes: context is plain data.
  const errors = new Map<string, unknown>();
  const noting: Around = async (name, body) => {
    try {
      return await body();
    } catch (error) {
      errors.set(name, error);
      throw error;
    }
  };
  const actor = createActor(machine, {
    input,
    ...(parts.clock === undefined ? {} : { clock: parts.clock }),
    ...(inspect === undefined ? {} : { inspect: harmless(inspect) }),
  });
  casts.set(actor.system, { actors: parts.alter?.(actors) ?? actors, around: noting });
  try {
    const ended = toPromise(actor);
    actor.start();
    return resultOfMachine(await ended, errors, [...store.warnings(), ...warnings]);
  } finally {
    actor.stop();
    scope.end();
    // Whatever the machine did, the lease must not outlive the call: what an actor returns after it was stopped is dropped.
    store.close();
  }
}

/** Runs a hook: an abort ends the wait for it, and what it throws passes through. */
async function runHook<Told extends readonly unknown[]>(
  scope: ReturnType<typeof hookScope>,
  signal: AbortSignal | undefined,
  hook: ((...told: Told) => unknown) | undefined,
  ...told: Told
): Promise<{ kind: 'done' }> {
  signal?.throwIfAborted();
  if (hook !== undefined) await orAborted(Promise.resolve(scope.run(() => hook(...told))), signal);
  return { kind: 'done' };
}

const noticeOf = ({ id, source, target }: TransferHandle): TransferNotice => ({
  from: source.id,
  to: target.id,
  sourcePath: source.location,
  targetPath: target.location,
  transferId: id,
});

/** An observer never changes a call. */
function harmless(inspect: (event: InspectionEvent) => void): (event: InspectionEvent) => void {
  return (event) => {
    try {
      inspect(event);
    } catch {
      // It has to live with what it misses.
    }
  };
}
