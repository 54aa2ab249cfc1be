/**
 * Pure predicates over actor outputs, the order in which they are asked, and what each decides. The machine's guards
 * and the look before the lock are both made of these; nobody else decides anything.
 */
import { isTerminalPhase } from '../src/rules/forge-state.ts';
import { commandReasons, policyReasons, type Reason, reasons } from '../src/rules/protocol.ts';
import type {
  AcquireLockOutput,
  Candidate,
  HookName,
  LookAnswer,
  LookOutput,
  MachineInput,
  ReadCurrentOutput,
  ReadNamedOutput,
} from './contract.ts';

interface WithKind {
  readonly kind: string;
}

interface Scanned {
  readonly candidates: readonly Candidate[];
  readonly copies?: readonly unknown[];
  readonly stale?: readonly unknown[];
}

/** Whether a candidate's phase still allows it to go on elsewhere. */
export const phaseNotTerminal = (candidate: Candidate): boolean => !isTerminalPhase(candidate.phase);
/**
 * The candidates that may be resumed: those whose phase is not terminal (src/rules/README.md#rule-6-candidates), and whose
 * session is allowed (src/rules/README.md#policies).
 */
export const resumable = (
  candidates: readonly Candidate[],
  { policies }: Pick<MachineInput, 'policies'>,
): readonly Candidate[] =>
  candidates.filter(
    (candidate) => phaseNotTerminal(candidate) && (policies?.allowedSessions?.includes(candidate.run.id) ?? true),
  );

/**
 * What stands in the current session, in the order of rules 2 to 5 (src/rules/README.md#rule-2-current-session to
 * src/rules/README.md#rule-5-no-identity).
 */
export const currentGuards = {
  nothingToUndo: (output, input) => output.kind === 'missing' && input.command?.kind === 'undo',
  currentSessionMissing: (output) => output.kind === 'missing',
  currentRunInTheWay: (output, input) => output.kind === 'active' && input.command !== undefined,
  currentRunForeign: (output) => output.kind === 'active' && output.foreign === true,
  currentRunActive: (output) => output.kind === 'active',
  currentRunPresent: (output) => output.kind === 'present',
  currentRunUnreadable: (output) => output.kind === 'unreadable',
  runNamed: (_output, input) => input.command !== undefined,
  identityMissing: (_output, input) => input.payloadSessionId === '' && input.payloadThreadId === '',
} satisfies Readonly<Record<string, (output: ReadCurrentOutput, input: MachineInput) => boolean>>;

/** What a scan found, in the order of rule 6 (src/rules/README.md#rule-6-candidates). */
export const candidateGuards = {
  copiesFound: ({ copies = [] }) => copies.length > 0,
  staleFound: ({ stale = [] }) => stale.length > 0,
  noResumableCandidate: ({ candidates }, input) => resumable(candidates, input).length === 0,
  severalResumableCandidates: ({ candidates }, input) => resumable(candidates, input).length > 1,
  candidateOwnerLive: ({ candidates }, input) => resumable(candidates, input)[0]?.owner?.state === 'live',
} satisfies Readonly<Record<string, (output: Scanned, input: MachineInput) => boolean>>;

/** What stands in the session that a command names, in this order. */
export const namedGuards = {
  planMoved: (output) => output.kind === 'moved',
  // Only what goes on can be handed over; what is active beyond its end can still be ended.
  namedRunMissing: (output, input) =>
    output.kind !== 'named' || (!endWanted(input) && !phaseNotTerminal(output.candidate)),
  namedRunLive: (output, { command }) =>
    output.kind === 'named' && output.liveness.state === 'live' && command?.fromLive !== true,
  endWanted: (_output, input) => endWanted(input),
} satisfies Readonly<Record<string, (output: ReadNamedOutput, input: MachineInput) => boolean>>;

/** Whether a person wants a run to end. */
export function endWanted({ command }: MachineInput): boolean {
  return command?.kind === 'end';
}

/** Why a transfer was made. */
export function reasonOfTransfer({ command }: MachineInput): Reason {
  if (command === undefined) return reasons.resumed;
  return command.kind === 'undo' ? commandReasons.givenBack : commandReasons.adopted;
}

/** Whether a call that ended so has made a transfer. */
export const isTransfer = (reason: Reason | null): boolean =>
  reason === reasons.resumed || reason === commandReasons.adopted || reason === commandReasons.givenBack;

/** What a guard decides where it holds, unless something is to be written first. */
export const decisions = {
  nothingToUndo: reasons.noCandidate,
  currentSessionMissing: reasons.sessionMissing,
  currentRunInTheWay: reasons.currentActive,
  currentRunForeign: policyReasons.currentForeign,
  currentRunActive: reasons.currentActive,
  currentRunPresent: reasons.currentPresent,
  currentRunUnreadable: reasons.currentUnreadable,
  identityMissing: reasons.identityMissing,
  noResumableCandidate: reasons.noCandidate,
  severalResumableCandidates: reasons.severalCandidates,
  candidateOwnerLive: policyReasons.ownerLive,
  planMoved: commandReasons.planMoved,
  namedRunMissing: reasons.noCandidate,
  namedRunLive: policyReasons.ownerLive,
} as const satisfies Readonly<Record<string, Reason>>;

/**
 * Asks guards in their order.
 *
 * @param guards - {@link currentGuards}, {@link namedGuards} or {@link candidateGuards}
 * @param question - what they are asked about
 * @returns the name of the first that holds, undefined if none does
 */
export function firstHolding<Name extends string, Question extends readonly unknown[]>(
  guards: Readonly<Record<Name, (...question: Question) => boolean>>,
  ...question: Question
): Name | undefined {
  return (Object.keys(guards) as Name[]).find((name) => guards[name](...question));
}

/** Whether a decision without a transfer is about the run of the current session. */
export const namesTarget = (reason: Reason): boolean =>
  reason === reasons.currentActive ||
  reason === reasons.currentPresent ||
  reason === reasons.currentUnreadable ||
  reason === policyReasons.currentForeign;

/** Whether a look settled the call: nothing to write, and no doubt of it. */
export const nothingToWrite = (output: LookOutput): boolean => output.kind === 'answered';
/** Whether the look has found out already which pane is the agent's. */
export const paneKnown = (output: LookOutput): boolean => output.kind !== 'answered' && output.pane !== null;
/**
 * Whether a look's answer holds though the lock is busy: it rests on one file, not on a scan
 * (src/rules/README.md#rule-2-current-session to src/rules/README.md#rule-5-no-identity).
 */
export const answerStands = (answer: LookAnswer | null): boolean =>
  answer !== null && answer.reason !== reasons.noCandidate;
/** Whether a call watches a lock whose holder seems to be gone, so as to take it. */
export const lockWatched = (output: AcquireLockOutput): boolean => output.kind === 'watched';

/** The caller's hooks, in the order in which a call comes to them. */
export const hookNames = [
  'afterLockAcquired',
  'afterTargetWrite',
  'afterCommit',
] as const satisfies readonly HookName[];
/**
 * Which hooks are given.
 *
 * @param hooks - whatever holds them by their names: a caller's hooks, or actors
 */
export const givenHooks = (hooks: Readonly<Partial<Record<HookName, unknown>>>): readonly HookName[] =>
  hookNames.filter((name) => hooks[name] !== undefined);
/** Whether a hook of the caller's is given: its state is entered only then. */
export const hookGiven = ({ hooks = [] }: Pick<MachineInput, 'hooks'>, name: HookName): boolean => hooks.includes(name);

export const lockHeld = (output: AcquireLockOutput): boolean => output.kind === 'held';
export const storeMissing = (output: AcquireLockOutput): boolean => output.kind === 'storeMissing';

export const namedRunChanged = (output: WithKind): boolean => output.kind === 'changed';
export const currentRunChanged = (output: WithKind): boolean => output.kind === 'changed';
export const targetTaken = (output: WithKind): boolean => output.kind === 'taken';
export const companionsPlanned = (output: { readonly companions?: boolean }): boolean => output.companions === true;
export const sourceChanged = (output: WithKind): boolean => output.kind === 'changed';
export const sourceIneligible = (output: WithKind): boolean => output.kind === 'ineligible';

/** The code of an actor's error, `UNKNOWN` where it has none. */
export const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code !== '' ? code : 'UNKNOWN';
};
export const lockLost = (error: unknown): boolean => codeOf(error) === 'LOCK_LOST';
