import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from './job.ts';

/**
 * A hand-over as one would write it first: a lock folder, two writes, no sync, no journal. The crash suites must find
 * fault with it; if they do not, they cannot find fault with anything.
 *
 * @param options - as for the library; only transfers by Codex session id are known
 */
export async function reconcilePlainly(options: CallOptions): Promise<object> {
  const { stateDir, payloadSessionId, env, hooks } = options;
  const current = env['RCS_SESSION_ID'] ?? '';
  const lock = path.join(stateDir, '.lock.forge-session-resume');
  for (const end = Date.now() + 100; ; await sleep(25)) {
    try {
      fs.mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (Date.now() > end) return { currentRcsSessionId: '', resumed: false, reason: 'resume_lock_timeout' };
    }
  }
  try {
    fs.writeFileSync(path.join(lock, 'owner'), `${process.pid}`);
    const sessions = path.join(stateDir, 'sessions');
    const fileOf = (id: string): string => path.join(sessions, id, 'forge-state.json');
    const target = fileOf(current);
    if (fs.existsSync(target)) return { currentRcsSessionId: current, resumed: false, reason: 'current_forge_active' };
    const candidates = fs.readdirSync(sessions).filter((id) => {
      const run = parse(fileOf(id));
      return id !== current && run['active'] === true && run['owner_codex_session_id'] === payloadSessionId;
    });
    const [prior] = candidates;
    if (prior === undefined || candidates.length > 1) return { resumed: false, reason: 'no_matching_prior_forge' };
    const source = fileOf(prior);
    const run = parse(source);
    fs.writeFileSync(target, JSON.stringify({ ...run, owner_rcs_session_id: current }, null, 2));
    hooks.afterTargetWrite?.();
    const ended = { active: false, current_phase: 'cancelled', stop_reason: 'ownership_transferred' };
    fs.writeFileSync(source, JSON.stringify({ ...run, ...ended, completed_at: new Date().toISOString() }, null, 2));
    const result = { currentRcsSessionId: current, resumed: true, reason: 'resumed_same_codex_session' };
    return { ...result, sourcePath: source, targetPath: target };
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

function parse(file: string): Record<string, unknown> {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
