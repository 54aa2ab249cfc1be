import { existsSync } from 'node:fs';
import { codeOf } from '../../machines/guards.ts';
import { reconcileForgeSessionResume } from '../call/reconcile.ts';
import { messageOf } from '../errors.ts';
import { isTeamWorker, judgePayload, type PayloadRequest, type WayIn } from '../rules/payload.ts';
import { reasons } from '../rules/protocol.ts';
import { appendToLog } from './call-log.ts';
import { type CallOutcome, callRecord, isNotable } from './call-record.ts';
import { complain } from './write-line.ts';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be the user's.
    return undefined;
  }
};

const call = async (request: PayloadRequest): Promise<CallOutcome> => {
  try {
    const { stateDir, sessionId, threadId } = request;
    return {
      result: await reconcileForgeSessionResume({ stateDir, payloadSessionId: sessionId, payloadThreadId: threadId }),
    };
  } catch (error) {
    return { error };
  }
};

const complaintAbout = (outcome: CallOutcome): string | undefined => {
  if ('error' in outcome) return `${codeOf(outcome.error)}: ${messageOf(outcome.error)}`;
  return outcome.result.reason === reasons.lockTimeout
    ? `${reasons.lockTimeout}: another call held the lock; the next turn tries again`
    : undefined;
};

const log = (way: WayIn, request: PayloadRequest, outcome: CallOutcome): string | undefined => {
  if (!isNotable(outcome)) return undefined;
  const time = new Date().toISOString();
  try {
    appendToLog(request.runtimeDir, time, callRecord(way, request, outcome, time));
    return undefined;
  } catch (error) {
    return `the log could not be written: ${messageOf(error)}`;
  }
};

/**
 * Does what an agent's payload asks for (spec.md, "What the agent sends"). Never throws, prints nothing on standard
 * output, and says at most one line on standard error.
 *
 * @param way - the way in
 * @param readPayload - gives the payload's text; what it throws is said
 */
export async function answerAgent(way: WayIn, readPayload: () => string): Promise<void> {
  try {
    const text = readPayload();
    if (isTeamWorker(process.env)) return;
    const request = judgePayload(way, parse(text));
    if (request === 'invalid') return complain(`forge-resume ${way}: the payload is no JSON object; see --help`);
    if (request === 'nothing' || !existsSync(request.stateDir)) return;
    const outcome = await call(request);
    const unlogged = log(way, request, outcome);
    const complaint = complaintAbout(outcome) ?? unlogged;
    if (complaint !== undefined) complain(`forge-resume ${way}: ${complaint}`);
  } catch (error) {
    complain(`forge-resume ${way}: ${messageOf(error)}`);
  }
}
