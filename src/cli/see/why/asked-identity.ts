import type { PayloadIdentity } from '../../../rules/ownership.ts';
import { trimmedText } from '../../../rules/text.ts';
import { callRecords } from '../call-records.ts';
import type { LiveConversation } from './survey.ts';

/** For which conversation a call is asked about, and what says so. */
export interface AskedIdentity {
  readonly identity: PayloadIdentity;
  readonly by: 'given' | 'the last call in the log' | 'the only conversation with a live run' | 'nothing';
}

/** What the command line says. */
export interface GivenIds {
  readonly sessionId?: string | undefined;
  readonly threadId?: string | undefined;
}

/**
 * The conversation that somebody means who asks why: the given one, else that of the last call that an agent made here
 * and that is in the log, else the only one that has a live run.
 *
 * @param stateDir - the state directory
 * @param given - what the command line says
 * @param live - live runs by conversation
 */
export function askedIdentity(stateDir: string, given: GivenIds, live: readonly LiveConversation[]): AskedIdentity {
  const identity = { sessionId: (given.sessionId ?? '').trim(), threadId: (given.threadId ?? '').trim() };
  if (given.sessionId !== undefined || given.threadId !== undefined) return { identity, by: 'given' };
  for (const record of callRecords(stateDir).reverse()) {
    const [sessionId, threadId] = [trimmedText(record['sessionId']), trimmedText(record['threadId'])];
    if (sessionId !== '' || threadId !== '')
      return { identity: { sessionId, threadId }, by: 'the last call in the log' };
  }
  const [only, ...others] = live;
  if (only !== undefined && others.length === 0) {
    return { identity: only.identity, by: 'the only conversation with a live run' };
  }
  return { identity, by: 'nothing' };
}
