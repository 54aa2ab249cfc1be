import type { StepRecord } from '../recording/format.ts';

/** A heading of src/rules/README.md or src/store/file/README.md that the page shows. */
export type RuleAnchor = (typeof ruleAnchors)[number];

/** Every heading that a step can lead to. */
export const ruleAnchors = [
  'rule-0-look',
  'rule-1-lock',
  'rule-2-current-session',
  'rule-3-current-run-active',
  'rule-4-current-run-present',
  'rule-5-no-identity',
  'rule-6-candidates',
  'rule-7-transfer',
  'rule-8-rollback',
  'rule-9-errors',
  'pane',
  'recovery',
  'trails',
  'promise-1-one-owner',
  'promise-2-nothing-lost-nothing-mixed',
  'promise-3-nothing-torn',
  'promise-4-one-at-a-time',
  'promise-5-never-in-the-way',
  'promise-6-no-litter',
] as const;

/** What each actor's answer is about, by the actor's name. */
const byActor: Readonly<Record<string, readonly RuleAnchor[]>> = {
  look: ['rule-0-look'],
  findPane: ['pane'],
  acquireLock: ['rule-1-lock'],
  afterLockAcquired: ['rule-1-lock'],
  recover: ['recovery', 'promise-1-one-owner'],
  readCurrent: ['rule-2-current-session'],
  updateOwner: ['rule-3-current-run-active'],
  scanCandidates: ['rule-6-candidates'],
  retireCopies: ['trails', 'promise-1-one-owner'],
  prepare: ['rule-7-transfer'],
  companions: ['rule-7-transfer'],
  writeTarget: ['rule-7-transfer', 'promise-3-nothing-torn'],
  afterTargetWrite: ['rule-7-transfer'],
  writeSource: ['rule-7-transfer', 'promise-1-one-owner'],
  replan: ['rule-7-transfer', 'promise-2-nothing-lost-nothing-mixed'],
  commit: ['promise-1-one-owner'],
  afterCommit: ['rule-7-transfer'],
  rollback: ['rule-8-rollback', 'promise-1-one-owner'],
  release: ['rule-1-lock', 'promise-6-no-litter'],
};

/** What a guard decides by where it held, by its name. */
const byGuard: Readonly<Record<string, readonly RuleAnchor[]>> = {
  currentSessionMissing: ['rule-2-current-session'],
  currentRunActive: ['rule-3-current-run-active'],
  currentRunPresent: ['rule-4-current-run-present'],
  currentRunUnreadable: ['rule-4-current-run-present'],
  identityMissing: ['rule-5-no-identity'],
  answerStands: ['promise-5-never-in-the-way'],
  nothingToWrite: ['rule-0-look', 'promise-5-never-in-the-way'],
  copiesFound: ['trails'],
};

const byTarget: readonly (readonly [RegExp, RuleAnchor])[] = [
  [/^locked\.rollback$/, 'rule-8-rollback'],
  [/^locked\.afterLockAcquired$/, 'promise-4-one-at-a-time'],
  [/^timedOut$/, 'promise-5-never-in-the-way'],
];

/**
 * The rules and promises that a step keeps.
 *
 * @param step - the step
 * @returns headings, the closest first; at least one
 */
export function rulesOf({ actor, code, guards, to }: StepRecord): RuleAnchor[] {
  const held = guards.find(({ passed }) => passed)?.name ?? '';
  const found = [
    ...(code === undefined ? [] : (['rule-9-errors'] as const)),
    ...byTarget.filter(([state]) => state.test(to)).map(([, anchor]) => anchor),
    ...(own(byGuard, held) ??
      own(byActor, actor ?? '') ??
      (actor === null && to === 'look' ? ['rule-0-look'] : ['rule-1-lock'])),
  ] as RuleAnchor[];
  return [...new Set(found)];
}

/** Names come from recordings, which anybody may have written: `constructor` is none of ours. */
const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
