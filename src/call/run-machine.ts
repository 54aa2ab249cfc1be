import type { Actors, LookOutput, MachineInput, TransferHandle } from '../../machines/contract.ts';
import type { CallOptions } from '../store/file/files/call-facts.ts';
import { openFileStore } from '../store/file/index.ts';
import { hookScope } from '../store/file/lock/reentry.ts';
import type { CallParts, ReconcileHooks, ReconcileOptions, TransferNotice } from './options.ts';
import type { CallRecording } from './recording-options.ts';
import type { ReconcileResult } from './result.ts';
import { type ForgeSessionResumeRun, runForgeSessionResume } from './run-forge-session-resume.ts';

export { DryFiles, inSession, loadAhead, lockSentence, lookAtLock } from '../store/file/index.ts';
export { addToHistory } from '../store/file/transfer/history.ts';
export { keepToken } from '../store/file/transfer/keep-token.ts';
export { keep } from '../store/file/transfer/quarantine.ts';
export { readAt } from '../store/file/transfer/read-at.ts';
export { keepFile, setAside } from '../store/file/transfer/set-aside.ts';
export { underLock } from '../store/file/transfer/under-lock.ts';
export { runForgeSessionResume } from './run-forge-session-resume.ts';

/** One call that a look did not end. */
export interface MachineCall {
  readonly call: CallOptions;
  readonly input: MachineInput;
  /** What the look found; the machine starts with it, so that nothing is read twice. */
  readonly looked: LookOutput;
  readonly hooks: ReconcileHooks;
  readonly inspect: ReconcileOptions['inspect'];
  /** How the call is recorded, if it is. */
  readonly recording?: CallRecording | undefined;
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
  recording,
  parts,
}: MachineCall): Promise<ReconcileResult> {
  const store = openFileStore(call, parts.clock);
  const scope = hookScope(call.paths.stateDir);
  const runHook = async <Told extends readonly unknown[]>(
    hook: ((...told: Told) => unknown) | undefined,
    ...told: Told
  ): Promise<{ kind: 'done' }> => {
    await scope.run(() => hook?.(...told));
    return { kind: 'done' };
  };
  const actors: Actors = {
    ...store.actors,
    look: () => looked,
    findPane: async () => {
      const pane = await call.findPane();
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
    afterLockAcquired: () => runHook(hooks.afterLockAcquired),
    afterTargetWrite: ({ transfer }) => runHook(hooks.afterTargetWrite, noticeOf(transfer)),
    afterCommit: ({ transfer }) => runHook(hooks.afterCommit, noticeOf(transfer)),
  };
  const recorded = recording && (await import('./record-call.ts')).recordCall(recording);
  const run: ForgeSessionResumeRun = {
    actors: parts.alter?.(actors) ?? actors,
    input,
    // Where nothing is to be written there is nothing to abort.
    signal: looked.kind === 'answered' ? undefined : call.signal,
    inspect,
    clock: parts.clock,
  };
  try {
    const result = await runForgeSessionResume(run, recorded);
    const { warnings: foreign = [] } = result;
    const unrecorded = recorded?.end({ warnings: store.warnings(), foreign }) ?? [];
    const warnings = [...store.warnings(), ...foreign, ...unrecorded];
    return warnings.length > 0 ? { ...result, warnings } : result;
  } catch (error) {
    recorded?.end({ thrown: { error }, warnings: store.warnings(), foreign: [] });
    throw error;
  } finally {
    scope.end();
    // Whatever the machine did, the lease must not outlive the call: what an actor returns after it was stopped is dropped.
    store.close();
  }
}

const noticeOf = ({ id, source, target }: TransferHandle): TransferNotice => ({
  from: source.id,
  to: target.id,
  sourcePath: source.location,
  targetPath: target.location,
  transferId: id,
});
