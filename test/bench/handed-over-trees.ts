/** State directories in which runs have been handed over before. */
import fs from 'node:fs';
import { join } from 'node:path';
import type { Call } from './parts.ts';
import { agentSession, callOptions, currentSession, makeStateDir, putRun, rest, run } from './trees.ts';

/**
 * A state directory whose current session holds an active run that was handed from session to session.
 *
 * @param count - how often
 * @param call - hands it over
 */
export async function handedOverTree(count: number, call: Call): Promise<string> {
  const stateDir = makeStateDir();
  putRun(stateDir, 'rcs-1', { ...run(0), owner_codex_session_id: agentSession });
  for (let next = 2; next <= count + 1; next += 1) {
    const session = next > count ? currentSession : `rcs-${next}`;
    fs.mkdirSync(join(stateDir, 'sessions', session), { recursive: true });
    const { reason } = await call(callOptions(stateDir, session));
    if (reason !== 'resumed_same_codex_session') throw new Error(`a hand-over ended as ${reason}`);
  }
  return stateDir;
}

/**
 * Ends the current session's run in place, as a runtime does, and makes that session a prior one.
 *
 * @param stateDir - a state directory
 * @returns the same
 */
export function moveCurrentRun(stateDir: string): string {
  const sessions = join(stateDir, 'sessions');
  fs.renameSync(join(sessions, currentSession), join(sessions, 'rcs-last'));
  fs.mkdirSync(join(sessions, currentSession));
  const file = join(sessions, 'rcs-last', 'forge-state.json');
  const ended = { ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), active: false, current_phase: 'complete' };
  fs.writeFileSync(file, JSON.stringify(ended, null, 2));
  return stateDir;
}

/**
 * A state directory whose current session was handed its run by one that has a 4 MB file now.
 *
 * @param call - hands it over, and sees the large file once
 */
export async function besideLargeTree(call: Call): Promise<string> {
  const stateDir = await handedOverTree(1, call);
  const prior = join(stateDir, 'sessions', 'rcs-1', 'forge-state.json');
  const ended = JSON.parse(fs.readFileSync(prior, 'utf8')) as object;
  fs.writeFileSync(prior, JSON.stringify({ ...ended, notes: 'x'.repeat(4_000_000) }, null, 2));
  rest(prior);
  await call(callOptions(stateDir));
  return stateDir;
}
