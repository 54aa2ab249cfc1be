/** What stands on disk, read with a few lines of its own rather than with the product's rules. */
import fs from 'node:fs';
import type { Sandbox } from '../support/sandbox.ts';

/** A session's run as it stands on disk. */
export interface Found {
  readonly session: string;
  readonly text: string;
  readonly run: Record<string, unknown>;
  readonly live: boolean;
}

const terminal = ['blocked_on_user', 'complete', 'failed', 'cancelled'];

/**
 * Reads every run.
 *
 * @param sandbox - the project
 * @throws SyntaxError where one is torn
 */
export function readRuns(sandbox: Sandbox): readonly Found[] {
  const sessions = sandbox.path('sessions');
  const ids = fs.existsSync(sessions) ? fs.readdirSync(sessions).sort() : [];
  return ids.flatMap((session) => {
    const text = sandbox.raw(session);
    if (text === undefined) return [];
    const run = JSON.parse(text) as Record<string, unknown>;
    const phase = String(run['current_phase']).trim().toLowerCase();
    return [{ session, text, run, live: run['active'] === true && !terminal.includes(phase) }];
  });
}

/** The live copies of one logical run, which is known by its start. */
export const copiesOf = (found: readonly Found[], start: string): readonly Found[] =>
  found.filter(({ run, live }) => live && run['started_at'] === start);

/** Whether a run belongs to a payload, by rule 6. */
export function belongsTo(run: Record<string, unknown>, session: string, thread: string): boolean {
  const owner = run['owner_codex_session_id'];
  if (typeof owner === 'string' && owner !== '') return owner === session;
  return thread !== '' && run['owner_codex_thread_id'] === thread;
}
