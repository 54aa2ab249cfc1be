import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';

/** The agent's session id of every call here. */
export const agentSession = '0199a213-81c0-7800-8aa1-bbab2a035a53';
/** The current session of every state directory here. */
export const currentSession = 'rcs-now';

const roots: string[] = [];

/** A state directory in a project of its own, whose current session is recorded and has no run. */
export function makeStateDir(): string {
  const root = fs.mkdtempSync(join(os.tmpdir(), 'forge-bench-'));
  roots.push(root);
  const stateDir = join(root, '.rcs', 'state');
  fs.mkdirSync(join(stateDir, 'sessions', currentSession), { recursive: true });
  // For processes that get no environment.
  fs.writeFileSync(join(stateDir, 'session.json'), JSON.stringify({ session_id: currentSession, cwd: root }));
  return stateDir;
}

/** Removes every state directory made here. */
export function removeStateDirs(): void {
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true });
}

/** Options of a call for a session of a state directory, by default the current one. */
export function callOptions(stateDir: string, session = currentSession): ReconcileOptions {
  return { stateDir, payloadSessionId: agentSession, env: { RCS_SESSION_ID: session } };
}

/** A state directory whose current session holds an active run with an owner that needs no refresh. */
export function activeTree(): string {
  const stateDir = makeStateDir();
  putRun(stateDir, currentSession, {
    ...run(0),
    owner_rcs_session_id: currentSession,
    owner_codex_session_id: agentSession,
  });
  return stateDir;
}

/** A state directory whose current session holds an active run that still names the session it came from. */
export function refreshTree(): string {
  const stateDir = makeStateDir();
  putRun(stateDir, currentSession, { ...run(0), owner_codex_session_id: agentSession });
  return stateDir;
}

/**
 * A state directory with finished runs of other agents.
 *
 * @param count - how many
 * @param into - a state directory that has some already; default a new one
 * @param from - number of the first
 */
export function finishedTree(count: number, into = makeStateDir(), from = 0): string {
  for (let index = from; index < from + count; index += 1) {
    putRun(into, `rcs-${String(index).padStart(6, '0')}`, {
      ...run(index),
      active: false,
      current_phase: index % 7 === 0 ? 'failed' : 'complete',
      completed_at: '2026-01-02T05:04:05.000Z',
      stop_reason: 'done',
    });
  }
  return into;
}

/** A state directory with finished runs and one live run of the agent in a prior session. */
export function transferTree(count: number): string {
  const stateDir = finishedTree(count - 1);
  putRun(stateDir, 'rcs-prior', { ...run(count), owner_codex_session_id: agentSession });
  return stateDir;
}

/** Makes what was written durable, so that a measured sync pays for its own writes only. */
export function settleDisk(): void {
  const fd = fs.openSync(os.tmpdir(), 'r');
  fs.fsyncSync(fd);
  fs.closeSync(fd);
}

/** A run of the size that runtimes write, about 600 bytes. */
export function run(index: number): Record<string, unknown> {
  const id = String(index).padStart(12, '0');
  return {
    active: true,
    mode: 'forge',
    current_phase: 'building',
    iteration: index % 50,
    max_iterations: 50,
    started_at: '2026-01-02T03:04:05.000Z',
    owner_rcs_session_id: `rcs-${id}`,
    owner_codex_session_id: `0199a213-0000-7000-8000-${id}`,
    tmux_pane_id: `%${index % 90}`,
    tmux_pane_set_at: '2026-01-02T03:04:05.000Z',
    task: 'Make the importer keep the order of columns, with tests for empty files and for files without a header.',
    context_paths: ['src/import/columns.ts', 'src/import/reader.ts', 'test/import/columns.test.ts'],
    last_turn_at: '2026-01-02T04:04:05.000Z',
  };
}

/** Writes a session's run, as if an hour ago. */
export function putRun(stateDir: string, id: string, content: object): void {
  const folder = join(stateDir, 'sessions', id);
  const file = join(folder, 'forge-state.json');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(file, JSON.stringify(content, null, 2));
  // Runs of people who went on with something else, not of this second.
  rest(file);
}

/** Makes a file look as if it had last been written an hour ago. */
export function rest(file: string): void {
  const hourAgo = Date.now() / 1_000 - 3_600;
  fs.utimesSync(file, hourAgo, hourAgo);
}
