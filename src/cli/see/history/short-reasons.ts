import { policyReasons, reasons, stopReasons } from '../../../rules/protocol.ts';

/** Reasons in words that fit a column; others are shown as they are. */
export const shortReasons: ReadonlyMap<string, string> = new Map([
  [reasons.severalCandidates, 'several match'],
  [reasons.noCandidate, 'none matches'],
  [reasons.lockTimeout, 'lock was held'],
  [reasons.sessionMissing, 'no session'],
  [reasons.identityMissing, 'no ids'],
  [reasons.currentPresent, 'not active'],
  [reasons.currentUnreadable, 'unreadable'],
  [policyReasons.currentForeign, 'foreign run'],
  [policyReasons.ownerLive, 'owner lives'],
  [stopReasons.stale, 'idle for too long'],
]);
