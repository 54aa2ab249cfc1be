import type { ActorName, ActorOutput } from './contract.ts';

/** The kinds of answer that each actor may give; one that the contract does not know, or lacks, does not compile. */
export const answerKinds: {
  readonly [Name in ActorName]: Readonly<Record<ActorOutput<Name>['kind'], true>>;
} = {
  look: { answered: true, unquiet: true, doubtful: true },
  findPane: { found: true, none: true },
  acquireLock: { held: true, busy: true, watched: true, storeMissing: true },
  afterLockAcquired: { done: true },
  recover: { recovered: true },
  readCurrent: { missing: true, absent: true, present: true, unreadable: true, active: true },
  readNamed: { named: true, absent: true, unreadable: true, inactive: true, moved: true },
  endNamed: { ended: true, changed: true },
  updateOwner: { updated: true, unchanged: true, changed: true },
  scanCandidates: { scanned: true },
  retireCopies: { retired: true },
  endStale: { ended: true },
  prepare: { prepared: true, changed: true },
  companions: { carried: true },
  writeTarget: { written: true, taken: true },
  afterTargetWrite: { done: true },
  writeSource: { written: true, changed: true },
  replan: { replanned: true, ineligible: true },
  commit: { committed: true },
  afterCommit: { done: true },
  rollback: { rolledBack: true, wentForward: true, left: true },
  release: { released: true },
};

/**
 * Refuses an answer of a kind that the machine does not know: its guards would take it for the usual one.
 *
 * @param name - the actor
 * @param answer - what it answered
 * @returns the answer
 * @throws TypeError that names the kind, and those that there are
 */
export function checkAnswer(name: ActorName, answer: unknown): unknown {
  const kind = (answer as { readonly kind?: unknown } | null | undefined)?.kind;
  if (typeof kind === 'string' && Object.hasOwn(answerKinds[name], kind)) return answer;
  const known = Object.keys(answerKinds[name]).join(', ');
  const given =
    kind === undefined ? `${JSON.stringify(answer) ?? 'undefined'}, without a kind` : `kind ${JSON.stringify(kind)}`;
  throw new TypeError(`the actor ${name} answered ${given}; it may answer with ${known}`);
}
