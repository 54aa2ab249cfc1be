import { type ForgeState, isForgeState } from './forge-state.ts';
import { protocol } from './protocol.ts';
import { trimmedText } from './text.ts';

const { fields } = protocol;

/** The agent's ids that came with a call, already trimmed; empty where the payload had none. */
export interface PayloadIdentity {
  readonly sessionId: string;
  readonly threadId: string;
}

/** What a call knows when it writes an owner: the current session, the agent's ids, the pane and the instant. */
export interface OwnerFacts {
  /** Id of the current RCS session. */
  readonly currentId: string;
  readonly identity: PayloadIdentity;
  /** The agent's pane, such as `%3`; empty if it is not known. */
  readonly pane: string;
  /** The instant of the call, ISO 8601. */
  readonly now: string;
}

/**
 * Whether a payload names nobody (src/rules/README.md#rule-5-no-identity).
 *
 * @param identity - the trimmed payload ids
 */
export function isIdentityMissing(identity: PayloadIdentity): boolean {
  return identity.sessionId === '' && identity.threadId === '';
}

/**
 * Whether a run belongs to the agent that calls (src/rules/README.md#rule-6-candidates): by `owner_codex_session_id` if
 * the run has one, the thread then being ignored; else by a non-empty `owner_codex_thread_id`.
 *
 * @param state - the run
 * @param identity - the trimmed payload ids
 */
export function ownerMatches(state: ForgeState, identity: PayloadIdentity): boolean {
  const session = trimmedText(state[fields.ownerCodexSession]);
  if (session !== '') return session === identity.sessionId;
  const thread = trimmedText(state[fields.ownerCodexThread]);
  return thread !== '' && thread === identity.threadId;
}

/**
 * Whether a run names another conversation than the one that calls (src/rules/README.md#policies): one that names none is
 * nobody's.
 *
 * @param state - the run
 * @param identity - the trimmed payload ids
 */
export function isForeign(state: ForgeState, identity: PayloadIdentity): boolean {
  const owner = trimmedText(state[fields.ownerCodexSession]) || trimmedText(state[fields.ownerCodexThread]);
  return owner !== '' && !ownerMatches(state, identity);
}

/**
 * Whether parsed content is an active run of the agent that calls, whatever its phase
 * (src/rules/README.md#rule-6-candidates without the phase, which the machine's guards judge).
 *
 * @param value - what `JSON.parse` returned
 * @param identity - the trimmed payload ids
 */
export function isActiveMatch(value: unknown, identity: PayloadIdentity): value is ForgeState {
  return isForgeState(value) && value[fields.active] === true && ownerMatches(value, identity);
}

/**
 * The identity by which live runs are counted (src/store/file/README.md#promise-1-one-owner): the Codex session if set,
 * else the thread.
 *
 * @param state - the run
 * @returns `session:<id>`, `thread:<id>` or an empty string
 */
export function identityOf(state: ForgeState): string {
  const session = trimmedText(state[fields.ownerCodexSession]);
  if (session !== '') return `session:${session}`;
  const thread = trimmedText(state[fields.ownerCodexThread]);
  return thread === '' ? '' : `thread:${thread}`;
}

/**
 * Binds a known pane, with the instant at which it was bound (src/rules/README.md#rule-3-current-run-active and
 * src/rules/README.md#rule-7-transfer).
 *
 * @param state - the run
 * @param facts - the pane and the instant
 * @returns the run itself if no pane is known, else a copy
 */
export function bindPane(state: ForgeState, facts: Pick<OwnerFacts, 'pane' | 'now'>): ForgeState {
  const pane = facts.pane.trim();
  return pane === '' ? state : { ...state, [fields.pane]: pane, [fields.paneSetAt]: facts.now };
}

/**
 * Refreshes the owner of the current session's active run (src/rules/README.md#rule-3-current-run-active, its five
 * steps in order).
 *
 * @param state - the run as read
 * @param facts - what the call knows
 * @returns the run itself if nothing changes, else a copy to be written
 */
export function refreshOwner(state: ForgeState, facts: OwnerFacts): ForgeState {
  let next = state;
  const set = (field: string, value: string): void => {
    next = { ...next, [field]: value };
  };
  const { sessionId, threadId } = facts.identity;
  if (trimmedText(next[fields.ownerRcsSession]) !== facts.currentId) set(fields.ownerRcsSession, facts.currentId);
  const hasSession = (): boolean => trimmedText(next[fields.ownerCodexSession]) !== '';
  if (!hasSession() && sessionId !== '') set(fields.ownerCodexSession, sessionId);
  if (!hasSession() && threadId !== '' && trimmedText(next[fields.ownerCodexThread]) !== threadId) {
    set(fields.ownerCodexThread, threadId);
  }
  if (hasSession() && typeof next[fields.ownerCodexThread] === 'string') {
    next = without(next, [fields.ownerCodexThread]);
  }
  return facts.pane.trim() === trimmedText(next[fields.pane]) ? next : bindPane(next, facts);
}

/**
 * A copy of a run without some fields, the others in their order, own `__proto__` keys included.
 *
 * @param state - the run
 * @param names - the fields to leave out
 */
export function without(state: ForgeState, names: readonly string[]): ForgeState {
  const copy: Record<string, unknown> = { ...state };
  for (const name of names) delete copy[name];
  return copy;
}
