import type { LookOutput, MachineInput } from '../../machines/contract.ts';
import { givenHooks } from '../../machines/guards.ts';
import { listPanes, lookUpPane } from '../pane/tmux.ts';
import { policiesIn } from '../rules/policies.ts';
import { trimmedText } from '../rules/text.ts';
import { look } from '../store/file/actors/look.ts';
import { monotonicMs } from '../store/file/files/monotonic.ts';
import { statePaths } from '../store/file/files/paths.ts';
import { refuseReentry } from '../store/file/lock/reentry.ts';
import type { CallParts, ReconcileOptions } from './options.ts';
import { type ReconcileResult, resultOfAnswer } from './result.ts';

/**
 * Runs one call: looks first, and starts the machine only where something must be written, where there is doubt, or
 * where somebody watches (src/rules/README.md#rule-0-look; src/store/file/README.md#look).
 *
 * @param options - the caller's
 * @param parts - replaced parts
 * @throws what `reconcileForgeSessionResume` throws
 */
export async function runCall(options: ReconcileOptions, parts: CallParts = {}): Promise<ReconcileResult> {
  const { stateDir, env = process.env, hooks = {}, signal } = options;
  const { command } = parts;
  const policies = policiesIn(options);
  const input: MachineInput = {
    payloadSessionId: trimmedText(options.payloadSessionId),
    payloadThreadId: trimmedText(options.payloadThreadId),
    ...(command === undefined ? {} : { command }),
    ...(policies === undefined ? {} : { policies }),
    hooks: givenHooks(hooks),
  };
  const paths = statePaths(stateDir);
  refuseReentry(paths.stateDir);
  const { comeHome, companions } = options;
  const now = parts.now ?? new Date();
  const findPane = (named?: unknown): Promise<string> =>
    lookUpPane(env, { signal, isAgentChild: parts.isAgentChild, named: trimmedText(named) });
  const call = { paths, env, signal, now, comeHome, companions, findPane, notes: parts.notes };
  const since = monotonicMs();
  const looked: LookOutput =
    // That hook promises the lock.
    hooks.afterLockAcquired === undefined ? await look(call)(input) : { kind: 'doubtful', pane: null };
  const { inspect, record } = options;
  const recording = record && {
    record,
    paths,
    input,
    now,
    caller: parts.caller,
    since,
    lookMs: monotonicMs() - since,
  };
  if (looked.kind === 'answered' && inspect === undefined && parts.alter === undefined) {
    if (!recording) return resultOfAnswer(looked.answer);
    const { recordLook } = await import('./record-look.ts');
    return recordLook(looked, recording);
  }
  // Asked before the lock: no other program is waited for under it.
  const asksForOwner = command !== undefined || policies?.requireDeadOwner === true;
  const panes = asksForOwner ? await (parts.listPanes ?? listPanes)(signal) : undefined;
  const { runMachine } = await import('./run-machine.ts');
  return await runMachine({
    call: { ...call, panes },
    input,
    looked,
    hooks,
    inspect,
    recording: recording || undefined,
    parts,
  });
}
