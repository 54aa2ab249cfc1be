/** Pure predicates over actor outputs. Each guard of the machine is one of these. */
import { isTerminalPhase } from '../src/rules/forge-state.ts';
import type { AcquireLockOutput, Candidate, MachineInput, ReadCurrentOutput } from './contract.ts';

interface WithKind {
  readonly kind: string;
}

export const lockHeld = (output: AcquireLockOutput): boolean => output.kind === 'held';
export const storeMissing = (output: AcquireLockOutput): boolean => output.kind === 'storeMissing';

export const currentSessionMissing = (output: ReadCurrentOutput): boolean => output.kind === 'missing';
export const currentRunActive = (output: ReadCurrentOutput): boolean => output.kind === 'active';
export const currentRunPresent = (output: ReadCurrentOutput): boolean => output.kind === 'present';
export const currentRunUnreadable = (output: ReadCurrentOutput): boolean => output.kind === 'unreadable';

export const identityMissing = (input: MachineInput): boolean =>
  input.payloadSessionId === '' && input.payloadThreadId === '';

export const currentRunChanged = (output: WithKind): boolean => output.kind === 'changed';

/** Whether a candidate's phase still allows it to go on elsewhere. */
export const phaseNotTerminal = (candidate: Candidate): boolean => !isTerminalPhase(candidate.phase);
/** The candidates that may be resumed: those whose phase is not terminal (rule 6). */
export const resumable = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(phaseNotTerminal);

export const copiesFound = (output: { readonly copies: readonly unknown[] }): boolean => output.copies.length > 0;
export const noResumableCandidate = (output: { readonly candidates: readonly Candidate[] }): boolean =>
  resumable(output.candidates).length === 0;
export const severalResumableCandidates = (output: { readonly candidates: readonly Candidate[] }): boolean =>
  resumable(output.candidates).length > 1;

export const targetTaken = (output: WithKind): boolean => output.kind === 'taken';
export const sourceChanged = (output: WithKind): boolean => output.kind === 'changed';
export const sourceIneligible = (output: WithKind): boolean => output.kind === 'ineligible';

/** The code of an actor's error, `UNKNOWN` where it has none. */
export const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code !== '' ? code : 'UNKNOWN';
};
export const lockLost = (error: unknown): boolean => codeOf(error) === 'LOCK_LOST';
