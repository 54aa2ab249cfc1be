import { isForgeState, isLive, isTerminalPhase, phaseOf } from '../../../rules/forge-state.ts';
import { identityOf, ownerMatches, type PayloadIdentity } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';

/** The first rule that keeps a session's run from being taken over, in the order in which they are asked. */
export const exclusions = {
  unreadable: 'its file cannot be read, or does not parse (rule 10)',
  no_run: 'its file holds no run (rule 6)',
  not_active: 'it is not active (rule 6)',
  terminal_phase: 'its phase is a terminal one (rule 6)',
  no_owner: 'it names no conversation (rule 6)',
  other_conversation: 'it belongs to another conversation (rule 6)',
  decided_before: 'the call is decided before candidates are looked for (rules 2 to 5)',
  copy: 'it is a copy of a run that was handed over, or a transfer of it is unfinished',
  not_allowed: 'its session is not among the allowed ones (policy allowedSessions)',
  stale: 'it has been idle for too long, and would be ended (policy staleAfter)',
  owner_lives: 'its owner lives (policy requireDeadOwner)',
  several: 'it is not the only one (rule 6)',
} as const;

/** Name of a rule in {@link exclusions}. */
export type Exclusion = keyof typeof exclusions;

/** A session's run as it was read, wherever it is kept. */
export type JudgedRead =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'absent' | 'torn' | 'unreadable' };

/**
 * Judges a session's run by itself (src/rules/README.md#rule-6-candidates).
 *
 * @param read - it as read
 * @param identity - the trimmed payload ids
 * @returns undefined where nothing of itself rules it out
 */
export function excludedBy(read: JudgedRead, identity: PayloadIdentity): Exclusion | undefined {
  if (read.kind !== 'json') return 'unreadable';
  const { value } = read;
  if (!isForgeState(value)) return 'no_run';
  if (value[protocol.fields.active] !== true) return 'not_active';
  if (isTerminalPhase(phaseOf(value))) return 'terminal_phase';
  if (identityOf(value) === '') return 'no_owner';
  return ownerMatches(value, identity) ? undefined : 'other_conversation';
}

/**
 * The conversation of a live run.
 *
 * @param read - a session's run as read
 * @returns its ids as a payload would give them; undefined where the run is not live or names none
 */
export function liveIdentity(read: JudgedRead): PayloadIdentity | undefined {
  if (read.kind !== 'json' || !isForgeState(read.value) || !isLive(read.value)) return undefined;
  const [, kind, id = ''] = /^(session|thread):(.*)$/s.exec(identityOf(read.value)) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'session' ? { sessionId: id, threadId: '' } : { sessionId: '', threadId: id };
}
