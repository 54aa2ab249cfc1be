/** Payloads as agents send them (spec.md, "What the agent sends"). */

/** A text that must never be found in anything that we write. */
export const secret = 'the user asked for something private';

type Fields = Readonly<Record<string, unknown>>;

/** What Codex passes to its notification program: a thread id, no session id. */
export function notification(cwd: string, fields: Fields = {}): string {
  return JSON.stringify({
    type: 'agent-turn-complete',
    'thread-id': 't1',
    'turn-id': '12',
    cwd,
    client: 'codex-tui',
    'input-messages': [secret],
    'last-assistant-message': secret,
    ...fields,
  });
}

/** What an agent writes to a hook's standard input at the end of a turn. */
export function stopEvent(cwd: string, fields: Fields = {}): string {
  return JSON.stringify({
    session_id: 's1',
    transcript_path: '/home/me/.codex/sessions/s1.jsonl',
    cwd,
    hook_event_name: 'Stop',
    model: 'some-model',
    permission_mode: 'default',
    turn_id: '12',
    stop_hook_active: false,
    last_assistant_message: secret,
    ...fields,
  });
}
