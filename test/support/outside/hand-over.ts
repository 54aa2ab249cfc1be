/** What most tests of faults begin with: a live run in session `old`, and calls that hand it over. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liveRun } from '../runs.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';
import type { CallOrder } from './call-order.ts';

/** A project with a live run of conversation `s1` in session `old`, and empty sessions. */
export function projectWithRun(
  fields: Readonly<Record<string, unknown>> = {},
  ...sessions: readonly string[]
): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun({ turn: 5, ...fields }));
  sandbox.putSessions('now', ...sessions);
  return sandbox;
}

/** A call of conversation `s1` in a session, with a known pane. */
export function orderIn(sandbox: Sandbox, current = 'now', more: Omit<CallOrder, 'stateDir'> = {}): CallOrder {
  const env = { RCS_SESSION_ID: current, TMUX_PANE: '%1' };
  return { stateDir: sandbox.stateDir, payloadSessionId: 's1', env, ...more };
}

/** A run by session, of all that parse to an object. */
export function runsOf(sandbox: Sandbox): ReadonlyMap<string, Record<string, unknown>> {
  const runs = new Map<string, Record<string, unknown>>();
  for (const id of readdirSync(sandbox.path('sessions'))) {
    try {
      runs.set(id, JSON.parse(readFileSync(sandbox.runFile(id), 'utf8')));
    } catch {
      // No run, or none that can be read.
    }
  }
  return runs;
}

/** Ids of the sessions in which a run of conversation `s1` is live. */
export function liveIn(sandbox: Sandbox): readonly string[] {
  const terminal = ['blocked_on_user', 'complete', 'failed', 'cancelled'];
  const isLive = (run: Record<string, unknown>): boolean =>
    run['active'] === true &&
    run['owner_codex_session_id'] === 's1' &&
    !terminal.includes(String(run['current_phase']));
  return [...runsOf(sandbox)].flatMap(([id, run]) => (isLive(run) ? [id] : [])).sort();
}

/** Names of the journals of unfinished transfers, of this build or of the first one. */
export function journalsOf(sandbox: Sandbox): readonly string[] {
  const folder = sandbox.path('.forge-resume', 'journal');
  const first = existsSync(sandbox.path('.forge-resume', 'journal.json')) ? ['journal.json'] : [];
  return [...(existsSync(folder) ? readdirSync(folder) : []), ...first];
}

/** All text in quarantine. */
export function quarantineOf(sandbox: Sandbox): string {
  const folder = sandbox.path('.forge-resume', 'quarantine');
  if (!existsSync(folder)) return '';
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
