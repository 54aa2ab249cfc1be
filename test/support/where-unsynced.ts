import type { Scenario } from './scenarios.ts';
import type { Reference } from './start-state.ts';
import type { Order } from './switch/order.ts';

/** A scenario and how it was played, which tells what must come out. */
export interface Expected {
  readonly scenario: Scenario;
  readonly reference: Reference;
}

/** Codes that say of a sync that there is none, which is no error (protocol.md, "Create, Replace, Remove"). */
const cannotSync: readonly unknown[] = ['EPERM', 'EOPNOTSUPP'];

/**
 * What must come out where a call is made to fail. A target that is gone was taken away, unless its folder cannot be
 * synced: then it was lost, and is created from the journal (protocol.md, "Recover"; {@link Scenario.unsynced}).
 *
 * @param own - the scenario
 * @param order - how a call is made to fail
 * @param played - all scenarios
 */
export function whereUnsynced(own: Expected, { mode, at, errno }: Order, played: readonly Expected[]): Expected {
  const call = own.reference.log.find(({ number }) => number === at);
  const isSyncOfTarget = call?.name === 'fsync' && ['sessions', 'sessions/now'].includes(call.path);
  if (mode !== 'fail' || !cannotSync.includes(errno) || !isSyncOfTarget) return own;
  const restored = played.find(({ scenario }) => scenario.name === own.scenario.unsynced);
  if (restored === undefined) return own;
  return { scenario: restored.scenario, reference: { ...restored.reference, start: own.reference.start } };
}
