import { codeOf } from '../../../../machines/guards.ts';
import { messageOf } from '../../../errors.ts';
import type { PayloadIdentity } from '../../../rules/ownership.ts';
import { type Reason, reasons } from '../../../rules/protocol.ts';
import type { ConfiguredStore } from '../../store/configured-store.ts';
import { onStore } from '../../store/store-of.ts';
import { whatMends } from '../what-mends.ts';
import { askedIdentity } from './asked-identity.ts';
import { causeOf } from './causes.ts';
import { type Survey, type Surveyed, survey } from './survey.ts';
import { rowsOf, type Why, type WhyQuestion } from './why-facts.ts';

/**
 * Finds out what a call would come to now on runs in a database, by running the machine of which nothing stays.
 *
 * @param store - the database
 * @param question - which call
 * @throws StoreTrouble where the database is away
 */
export async function storeWhyOf(store: ConfiguredStore, question: WhyQuestion): Promise<Why> {
  const { root, session, policies } = question;
  const { stateDir } = root;
  const env = session === undefined ? question.env : { ...question.env, RCS_SESSION_ID: session };
  const callFor = ({ sessionId, threadId }: PayloadIdentity) => {
    const ids = { payloadSessionId: sessionId, payloadThreadId: threadId };
    return onStore(store, ({ dryOnPostgres }) => dryOnPostgres(store, { stateDir, ...ids, env, ...policies }));
  };
  let asked = askedIdentity(stateDir, question, []);
  let dry = await callFor(asked.identity);
  if (asked.by === 'nothing') {
    // Which run is the only live one shows only with what a call brings along from this host.
    const { live } = survey(dry.overview.runs.map(readOf))(asked.identity);
    asked = askedIdentity(stateDir, question, live);
    if (asked.by !== 'nothing') dry = await callFor(asked.identity);
  }
  const { identity, by } = asked;
  const reason = dry.result?.reason;
  const seen = survey(dry.overview.runs.map(readOf))(identity);
  const way = wayOut(reason, { current: dry.session, candidates: dry.candidates, stateDir, seen });
  return {
    schema: 1,
    reason: reason ?? null,
    cause: causeOf(dry, { identity, by }),
    command: way?.command ?? (reason === undefined ? whatMends(codeOf(dry.error), stateDir) : undefined) ?? null,
    candidates: rowsOf(seen, dry, dry.session, policies),
    wouldResumeIf: way?.when ?? null,
    error: reason === undefined ? { code: codeOf(dry.error), message: messageOf(dry.error) } : null,
    root: stateDir,
    others: root.others,
    session: dry.result?.currentRcsSessionId ?? session ?? '',
    conversation: { ...identity, by },
    store: { url: store.shown, project: store.project },
  };
}

/** A run as a survey takes it. */
const readOf = ({ session: id, value }: { readonly session: string; readonly value: unknown }): Surveyed => ({
  id,
  read: value === undefined ? { kind: 'unreadable' } : { kind: 'json', value },
});

/** What a call found that does not resume. */
interface Found {
  readonly current: string;
  readonly candidates: readonly string[];
  readonly stateDir: string;
  readonly seen: Survey;
}

/** What a person can do who knows which run is to go on. */
function wayOut(
  reason: Reason | undefined,
  { current, candidates, stateDir, seen }: Found,
): { readonly command: readonly string[]; readonly when: string } | undefined {
  const [first] = candidates;
  if (reason === reasons.severalCandidates && first !== undefined) {
    const command = ['forge-resume', 'adopt', first, '--into', current, '--state-dir', stateDir];
    return { command, when: `${first} were the only one` };
  }
  const other = seen.live.find(({ sessions }) => !sessions.includes(current));
  if (reason !== reasons.noCandidate && reason !== reasons.identityMissing) return undefined;
  if (other === undefined || other.sessions.length > 1) return undefined;
  const { sessionId, threadId } = other.identity;
  const ids = sessionId === '' ? [`--thread-id=${threadId}`] : [`--session-id=${sessionId}`];
  return {
    command: ['forge-resume', 'reconcile', '--state-dir', stateDir, ...ids],
    when: `it were called for conversation ${sessionId || threadId}, whose run is in ${other.sessions[0]}`,
  };
}
