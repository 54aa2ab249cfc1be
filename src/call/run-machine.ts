import { createActor, type InspectionEvent, toPromise } from 'xstate';
import type { Actors, LookOutput, MachineInput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import type { CallOptions } from '../store/file/files/call-facts.ts';
import { openFileStore } from '../store/file/index.ts';
import { orAborted } from '../store/file/lock/or-aborted.ts';
import { type Around, actorLogic } from './actor-logic.ts';
import type { CallParts, ReconcileHooks, ReconcileOptions } from './options.ts';
import { type ReconcileResult, resultOfMachine } from './result.ts';

export { loadAhead } from '../store/file/index.ts';

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
  const actors: Actors = {
    ...store.actors,
    look: () => looked,
    findPane: async () => {
      const pane = await call.findPane();
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
    afterLockAcquired: hookActor(hooks.afterLockAcquired, call.signal),
    afterTargetWrite: hookActor(hooks.afterTargetWrite, call.signal),
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
  const machine = forgeSessionResumeMachine.provide({ actors: actorLogic(parts.alter?.(actors) ?? actors, noting) });
  const actor = createActor(machine, {
    input,
    ...(parts.clock === undefined ? {} : { clock: parts.clock }),
    ...(inspect === undefined ? {} : { inspect: harmless(inspect) }),
  });
  try {
    const ended = toPromise(actor);
    actor.start();
    return resultOfMachine(await ended, errors);
  } finally {
    actor.stop();
    // Whatever the machine did, the lease must not outlive the call: what an actor returns after it was stopped is dropped.
    store.close();
  }
}

/** A hook as an actor: an abort ends the wait for it, and what it throws passes through. */
function hookActor(hook: (() => unknown) | undefined, signal: AbortSignal | undefined) {
  return async (): Promise<{ kind: 'done' }> => {
    signal?.throwIfAborted();
    if (hook !== undefined) await orAborted(Promise.resolve(hook()), signal);
    return { kind: 'done' };
  };
}

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
