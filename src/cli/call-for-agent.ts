import { codeOf } from '../../machines/guards.ts';
import { notRecorded } from '../call/result.ts';
import { runCall } from '../call/run-call.ts';
import { agentCallOptions } from '../rules/agent-call.ts';
import type { PayloadRequest, WayIn } from '../rules/payload.ts';
import type { Policies } from '../rules/policies.ts';
import { reasons } from '../rules/protocol.ts';
import { type CallOutcome, isNotable } from './call-outcome.ts';
import { failureText } from './failure-text.ts';
import type { Project } from './find-project.ts';
import type { RecordSwitches } from './record-switches.ts';
import type { RunCall } from './store/agent-run.ts';
import { mayHaveStore } from './store/may-have-store.ts';

/** How an agent's call is recorded; `full`, with its payload. */
interface AgentRecord extends RecordSwitches {
  readonly payload: unknown;
}

const call = async (
  run: RunCall,
  way: WayIn,
  { sessionId, threadId, event }: PayloadRequest,
  { stateDir }: Project,
  env: NodeJS.ProcessEnv,
  policies: Policies,
  record: AgentRecord | undefined,
): Promise<CallOutcome> => {
  const ids = { payloadSessionId: sessionId, payloadThreadId: threadId };
  const options = { stateDir, ...ids, env, record, ...agentCallOptions(way, event), ...policies };
  const caller = { by: way, event, payload: record?.payload };
  try {
    const result = await run(options, { isAgentChild: true, caller });
    if (result.reason !== reasons.lockTimeout) return { result };
    const { lookAtLock } = await import('../call/run-machine.ts');
    return { result, lockHolder: lookAtLock(stateDir) };
  } catch (error) {
    return { error };
  }
};

const complaintAbout = async (outcome: CallOutcome): Promise<string | undefined> => {
  if ('error' in outcome) return `${codeOf(outcome.error)}: ${failureText(outcome.error)}`;
  if (outcome.lockHolder === undefined) {
    return outcome.result.warnings?.find((warning) => warning.startsWith(notRecorded));
  }
  const { lockSentence } = await import('../call/run-machine.ts');
  return `${reasons.lockTimeout}: another call held the lock; the next turn tries again. ${lockSentence(outcome.lockHolder)}`;
};

/**
 * Makes an agent's call and logs what came of it, as the owner of the project where root was asked.
 *
 * @param way - the way in
 * @param request - what the payload asks for
 * @param project - where
 * @param policies - that the call is to keep to
 * @param record - how it is recorded; not at all by default
 * @returns what must be said, if anything
 */
export async function callForAgent(
  way: WayIn,
  request: PayloadRequest,
  project: Project,
  policies: Policies,
  record?: AgentRecord,
): Promise<string | undefined> {
  let env = process.env;
  let run: RunCall | undefined;
  if (mayHaveStore(env, project.stateDir))
    run = await (await import('./store/stores.ts')).agentRun(project.stateDir, env);
  if (process.geteuid?.() === 0 && project.owner !== 0) {
    const { becomeOwner } = await import('./become-owner.ts');
    env = await becomeOwner(project.stateDir, { isAgentChild: true, owner: project.owner });
  }
  const outcome = await call(run ?? runCall, way, request, project, env, policies, record);
  if (!isNotable(outcome) && env['FORGE_RESUME_LOG'] !== 'all') return await complaintAbout(outcome);
  const { logCall } = await import('./log-call.ts');
  const unlogged = logCall(way, request, project, outcome);
  return (await complaintAbout(outcome)) ?? unlogged;
}
