import { isAbsolute } from 'node:path';
import { isForgeState } from './forge-state.ts';
import { protocol } from './protocol.ts';
import { trimmedText } from './text.ts';

/** How the agent reaches us (src/rules/README.md#what-the-agent-sends). */
export type WayIn = 'notify' | 'hook';

/** What a payload asks for, in the terms of a call. */
export interface PayloadRequest {
  /** Where the agent works, an absolute path, as it was given. */
  readonly cwd: string;
  /** The agent's session id, trimmed; empty if the payload has none. */
  readonly sessionId: string;
  /** The agent's thread id, trimmed; empty if the payload has none. */
  readonly threadId: string;
  /** Name of the event: a notification's `type` in lower case (may be empty), a hook's `hook_event_name`. */
  readonly event: string;
}

/** A request, `nothing` where the payload is none of ours, `invalid` where it is no JSON object. */
export type PayloadVerdict = PayloadRequest | 'nothing' | 'invalid';

type Payload = Readonly<Record<string, unknown>>;

const notifyTypes: readonly string[] = ['agent-turn-complete', 'turn-complete', ''];
const hookEvents: readonly unknown[] = ['SessionStart', 'UserPromptSubmit', 'Stop'];
const sessionIdNames = ['session_id', 'session-id'];
const threadIdNames = ['thread-id', 'thread_id'];

const firstSet = (payload: Payload, names: readonly string[]): string =>
  names.map((name) => trimmedText(payload[name])).find((value) => value !== '') ?? '';

const request = (payload: Payload, event: string, sessionId: string, threadId: string): PayloadVerdict => {
  const cwd = payload['cwd'];
  return typeof cwd === 'string' && isAbsolute(cwd) ? { cwd, sessionId, threadId, event } : 'nothing';
};

const judgeNotify = (payload: Payload): PayloadVerdict => {
  const type = trimmedText(payload['type']).toLowerCase();
  if (!notifyTypes.includes(type)) return 'nothing';
  return request(payload, type, firstSet(payload, sessionIdNames), firstSet(payload, threadIdNames));
};

const judgeHook = (payload: Payload): PayloadVerdict => {
  const event = payload['hook_event_name'];
  if (typeof event !== 'string' || !hookEvents.includes(event)) return 'nothing';
  const sessionId = firstSet(payload, sessionIdNames);
  const threadId = firstSet(payload, threadIdNames);
  return request(payload, event, sessionId, threadId === '' ? sessionId : threadId);
};

/**
 * Turns what an agent sent into what a call needs (src/rules/README.md#what-the-agent-sends). Unknown fields and
 * message texts are not looked at. `session_id` goes before `session-id`, `thread-id` before `thread_id`; a blank one
 * gives way to the other. Where a hook's payload has no thread id, its session id is both; a notification's thread id
 * is never taken for a session id.
 *
 * @param way - the way in
 * @param payload - what `JSON.parse` returned
 * @returns the request; `nothing` for another event or a `cwd` that is no absolute path; `invalid` for no object
 */
export function judgePayload(way: WayIn, payload: unknown): PayloadVerdict {
  if (!isForgeState(payload)) return 'invalid';
  return way === 'notify' ? judgeNotify(payload) : judgeHook(payload);
}

/**
 * Whether the environment is a team worker's, whose turns are not the leader's.
 *
 * @param env - the environment of the call
 */
export function isTeamWorker(env: Readonly<Record<string, string | undefined>>): boolean {
  return protocol.env.teamWorker.some((name) => trimmedText(env[name]) !== '');
}
