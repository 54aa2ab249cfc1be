import { codeOf } from '../../../../machines/guards.ts';
import { type DryCall, type DryResult, runDry } from '../../../call/run-dry.ts';
import { messageOf } from '../../../errors.ts';
import type { Policies } from '../../../rules/policies.ts';
import { policyReasons, type Reason, reasons } from '../../../rules/protocol.ts';
import { eachRun } from '../../../store/file/files/each-run.ts';
import { statePaths } from '../../../store/file/files/paths.ts';
import type { Root } from '../../find-root.ts';
import { whyMissing } from '../refuse-missing.ts';
import { whatMends } from '../what-mends.ts';
import { type AskedIdentity, askedIdentity, type GivenIds } from './asked-identity.ts';
import { causeOf } from './causes.ts';
import { type Counterfactual, counterfactuals } from './counterfactuals.ts';
import type { Exclusion } from './excluded-by.ts';
import { type Survey, survey } from './survey.ts';

/** What somebody wants to know. */
export interface WhyQuestion extends GivenIds {
  readonly root: Root;
  /** The session from which the call would come; else it is found as a call finds it. */
  readonly session?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly policies?: Policies | undefined;
}

/** A prior session's run, and the first rule that rules it out; null where it would be taken. */
export interface WhyRow {
  readonly session: string;
  readonly excludedBy: Exclusion | null;
}

/** What `forge-resume why` shows; with `schema`, what `--json` prints. */
export interface Why {
  readonly schema: 1;
  /** As a call would give it; null where it would throw. */
  readonly reason: Reason | null;
  readonly cause: string;
  /** What would change the answer, as an argument vector; null where no command does, or nothing is to be changed. */
  readonly command: readonly string[] | null;
  readonly candidates: readonly WhyRow[];
  /** The end of "It would resume if"; null where nothing that was tried makes it so. */
  readonly wouldResumeIf: string | null;
  /** Code and message of what the call would throw; null where it would not. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly root: string;
  readonly others: readonly string[];
  /** The session from which the call would come; empty where none is current. */
  readonly session: string;
  readonly conversation: AskedIdentity['identity'] & { readonly by: AskedIdentity['by'] };
  /** The database that the runs are in, and the project's name there; absent where they are in files. */
  readonly store?: { readonly url: string; readonly project: string };
}

/**
 * Finds out what a call would come to now, and what would change it: by running the machine, which writes nothing.
 *
 * @param question - which call
 */
export async function whyOf(question: WhyQuestion): Promise<Why> {
  const { root, session, env } = question;
  const paths = statePaths(root.stateDir);
  const judge = survey(eachRun(paths));
  const { live } = judge({ sessionId: '', threadId: '' });
  const { identity, by } = askedIdentity(root.stateDir, question, live);
  const call: DryCall = {
    stateDir: root.stateDir,
    payloadSessionId: identity.sessionId,
    payloadThreadId: identity.threadId,
    env: session === undefined ? env : { ...env, RCS_SESSION_ID: session },
    companions: 'carry',
    ...question.policies,
  };
  const dry = await runDry(call);
  const reason = dry.result?.reason;
  const missing = reason === reasons.sessionMissing ? whyMissing(root.stateDir) : undefined;
  // A call that would fail says of none.
  const current = dry.result?.currentRcsSessionId ?? session ?? '';
  const seen = judge(identity);
  const failing = { reason, current, call, named: session, candidates: dry.candidates };
  const way = reason === reasons.resumed ? undefined : await firstThatResumes(counterfactuals(failing, paths, seen));
  return {
    schema: 1,
    reason: reason ?? null,
    cause: missing ?? causeOf(dry, { identity, by }),
    command:
      way?.command ?? (dry.result === undefined ? whatMends(codeOf(dry.error), root.stateDir) : undefined) ?? null,
    candidates: rowsOf(seen, dry, current, question.policies),
    wouldResumeIf: way?.when ?? null,
    error: reason === undefined ? { code: codeOf(dry.error), message: messageOf(dry.error) } : null,
    root: root.stateDir,
    others: root.others,
    session: current,
    conversation: { ...identity, by },
  };
}

async function firstThatResumes(ways: readonly Counterfactual[]): Promise<Counterfactual | undefined> {
  for (const way of ways) {
    const { result } = await runDry({ ...way.call, looks: false });
    if (result?.resumed) return way;
  }
  return undefined;
}

const scanned: readonly (Reason | undefined)[] = [
  reasons.resumed,
  reasons.noCandidate,
  reasons.severalCandidates,
  policyReasons.ownerLive,
];

/** The machine decides which runs are candidates; what rules a run out by itself is only put into words here. */
export function rowsOf(
  { rows }: Survey,
  { result, candidates }: DryResult,
  current: string,
  { allowedSessions }: Policies = {},
): WhyRow[] {
  const reason = result?.reason;
  const ended = result?.ended?.map(({ session }) => session) ?? [];
  return rows
    .filter(({ session }) => session !== current)
    .map(({ session, own }): WhyRow => {
      if (own !== undefined) return { session, excludedBy: own };
      if (!scanned.includes(reason)) return { session, excludedBy: 'decided_before' };
      if (allowedSessions?.includes(session) === false) return { session, excludedBy: 'not_allowed' };
      if (ended.includes(session)) return { session, excludedBy: 'stale' };
      if (!candidates.includes(session)) return { session, excludedBy: 'copy' };
      if (reason === policyReasons.ownerLive) return { session, excludedBy: 'owner_lives' };
      return { session, excludedBy: reason === reasons.severalCandidates ? 'several' : null };
    });
}
