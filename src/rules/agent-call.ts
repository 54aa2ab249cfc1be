import type { WayIn } from './payload.ts';

/** What a call does beyond the rules, where an agent's event asks for it. */
export interface AgentCallOptions {
  /** Whether a run that was left behind here may come back (src/rules/README.md#rule-4-current-run-present). */
  readonly comeHome: boolean;
  /** Files beside a run that go with it (src/rules/README.md#rule-7-transfer). */
  readonly companions: 'carry';
}

/** Events at which the user is known to go on in this session. */
const goingOn: readonly string[] = ['SessionStart', 'UserPromptSubmit'];

/**
 * What an agent's way in adds to a call: companions always go with a run, and a run comes home only where the user
 * goes on. The end of a turn, in a session that was left, must not pull it back.
 *
 * @param way - the way in
 * @param event - name of the event, as the payload's verdict gives it
 */
export function agentCallOptions(way: WayIn, event: string): AgentCallOptions {
  return { comeHome: way === 'hook' && goingOn.includes(event), companions: 'carry' };
}
