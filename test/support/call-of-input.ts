import type { MachineInput } from '../../machines/contract.ts';
import type { CallParts, ReconcileHooks, ReconcileOptions } from '../../src/call/options.ts';

/**
 * The call whose machine gets an input; its hooks do nothing.
 *
 * @param input - as the machine is to get it
 */
export function callOfInput({ command, policies, hooks = [], ...ids }: MachineInput): {
  readonly options: ReconcileOptions;
  readonly parts: Pick<CallParts, 'command'>;
} {
  const given: ReconcileHooks = Object.fromEntries(hooks.map((name) => [name, () => undefined]));
  return { options: { stateDir: '/nowhere', env: {}, ...ids, ...policies, hooks: given }, parts: { command } };
}
