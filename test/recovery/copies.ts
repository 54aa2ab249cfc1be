/** A run that was handed over, and copies of it that a late writer brings back. */
import type { Policies } from '../../src/rules/policies.ts';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { makeSandbox } from '../support/sandbox.ts';

/** The run as it started, in session `A`. */
export const started = (fields: Readonly<Record<string, unknown>> = {}) =>
  liveRun({ owner_rcs_session_id: 'A', note: 'started', ...fields });

/**
 * Hands a run over from session to session, each by an ordinary call.
 *
 * @param sessions - the sessions in their order, the first with the run
 */
export async function handOver(...sessions: readonly string[]): Promise<Sandbox> {
  const sandbox = makeSandbox();
  const [first = '', ...others] = sessions;
  sandbox.putRun(first, started({ owner_rcs_session_id: first }));
  sandbox.putSessions(...others);
  for (const current of others) await callIn(sandbox, current);
  return sandbox;
}

/** An ordinary call of the run's agent. */
export const callIn = (sandbox: Sandbox, current: string, policies: Policies = {}) =>
  sandbox.call({ session: 's1', current, ...policies });

/** What a late writer leaves: the session's run as it was before it was handed over, some iterations on. */
export function bringBack(sandbox: Sandbox, id: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const { completed_at: _at, stop_reason: _why, ...run } = sandbox.run(id);
  const copy = { ...run, active: true, current_phase: 'building', ...fields };
  sandbox.putRun(id, copy);
  return JSON.stringify(copy, null, 2);
}

/** The sessions in which the run is live. */
export const liveIn = (sandbox: Sandbox, ids: readonly string[]): readonly string[] =>
  ids.filter((id) => sandbox.raw(id) !== undefined && sandbox.run(id)['active'] === true);
