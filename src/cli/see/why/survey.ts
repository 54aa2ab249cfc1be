import type { PayloadIdentity } from '../../../rules/ownership.ts';
import { type Exclusion, excludedBy, type JudgedRead, liveIdentity } from './excluded-by.ts';

/** A live run's conversation and the sessions that have one. */
export interface LiveConversation {
  readonly identity: PayloadIdentity;
  readonly sessions: string[];
}

/** What stands in all sessions, as far as a question about one call goes. */
export interface Survey {
  /** Sessions with a run file, and what of itself rules each out. */
  readonly rows: readonly { readonly session: string; readonly own: Exclusion | undefined }[];
  /** Live runs by conversation, in the order in which they were met. */
  readonly live: readonly LiveConversation[];
  /** Sessions without a run. */
  readonly empty: readonly string[];
}

/** A session as it was read. */
export interface Surveyed {
  readonly id: string;
  readonly read: JudgedRead;
}

/**
 * Reads all sessions once.
 *
 * @param runs - all of them
 * @param identityOf - for whom the call would be, told the conversations that have live runs
 */
export function survey(runs: Iterable<Surveyed>): (identity: PayloadIdentity) => Survey {
  const found = [...runs].map(({ id, read }) => ({
    id,
    isAbsent: read.kind === 'absent',
    identity: liveIdentity(read),
    // The whole file is not kept: what matters of a match is decided by what it says of its owner.
    judge: judgeOf(read),
  }));
  const live = new Map<string, LiveConversation>();
  for (const { id, identity } of found) {
    if (identity === undefined) continue;
    const key = JSON.stringify(identity);
    const known = live.get(key) ?? { identity, sessions: [] };
    known.sessions.push(id);
    live.set(key, known);
  }
  return (identity) => ({
    rows: found
      .filter(({ isAbsent }) => !isAbsent)
      .map(({ id, judge }) => ({ session: id, own: judge(identity) }))
      .sort((a, b) => (a.session < b.session ? -1 : 1)),
    live: [...live.values()],
    empty: found.filter(({ isAbsent }) => isAbsent).map(({ id }) => id),
  });
}

function judgeOf(read: JudgedRead): (identity: PayloadIdentity) => Exclusion | undefined {
  const nobody = excludedBy(read, { sessionId: '', threadId: '' });
  const owner = liveIdentity(read);
  if (nobody !== 'other_conversation' || owner === undefined) return () => nobody;
  const { sessionId, threadId } = owner;
  return (identity) => {
    const matches = sessionId === '' ? threadId === identity.threadId : sessionId === identity.sessionId;
    return matches ? undefined : 'other_conversation';
  };
}
