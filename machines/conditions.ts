/** The guards and delays of the statechart, by name: the predicates of `guards.ts`, asked of an event. */
import { protocol } from '../src/rules/protocol.ts';
import { type MachineScope, outputOf } from './context.ts';
import * as guards from './guards.ts';

/** Guards by their names in the chart. */
export const conditions = {
  lockHeld: ({ event }) => guards.lockHeld(outputOf<'acquireLock'>(event)),
  storeMissing: ({ event }) => guards.storeMissing(outputOf<'acquireLock'>(event)),
  currentSessionMissing: ({ event }) => guards.currentSessionMissing(outputOf<'readCurrent'>(event)),
  currentRunActive: ({ event }) => guards.currentRunActive(outputOf<'readCurrent'>(event)),
  currentRunPresent: ({ event }) => guards.currentRunPresent(outputOf<'readCurrent'>(event)),
  currentRunUnreadable: ({ event }) => guards.currentRunUnreadable(outputOf<'readCurrent'>(event)),
  currentRunChanged: ({ event }) => guards.currentRunChanged(outputOf<'updateOwner'>(event)),
  identityMissing: ({ context }) => guards.identityMissing(context),
  copiesFound: ({ event }) => guards.copiesFound(outputOf<'scanCandidates'>(event)),
  noResumableCandidate: ({ event }) => guards.noResumableCandidate(outputOf<'scanCandidates'>(event)),
  severalResumableCandidates: ({ event }) => guards.severalResumableCandidates(outputOf<'scanCandidates'>(event)),
  targetTaken: ({ event }) => guards.targetTaken(outputOf<'writeTarget'>(event)),
  sourceChanged: ({ event }) => guards.sourceChanged(outputOf<'writeSource'>(event)),
  sourceIneligible: ({ event }) => guards.sourceIneligible(outputOf<'replan'>(event)),
  lockLost: ({ event }) => guards.lockLost(event['error']),
  lockRegainable: ({ context, event }) => !context.regained && guards.lockLost(event['error']),
  hasFailure: ({ context }) => context.failure !== null,
} satisfies Readonly<Record<string, (scope: MachineScope) => boolean>>;

/** Delays by their names in the chart, milliseconds. */
export const delays = {
  lockTimeout: protocol.limits.lockTimeoutMs,
  // Waiters that woke together would meet again: the pause varies.
  lockRetry: () => protocol.limits.lockRetryMs * (0.8 + 0.2 * Math.random()),
} satisfies Readonly<Record<string, number | (() => number)>>;
