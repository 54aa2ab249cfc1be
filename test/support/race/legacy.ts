/**
 * An older runtime: the lock folder by plain `mkdir`, stale after 10 s by mtime, transfers by two renames, nothing else
 * (spec.md, rules 1, 6 and 7). Arguments: state directory, holder log, session id prefix, number of rounds, how long it
 * holds the lock by what is usual (default 1).
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { logHolder } from './holder-log.ts';

const [, , stateDir = '', log = '', prefix = '', rounds = '0', holding = '1'] = process.argv;
const lock = join(stateDir, '.lock.forge-session-resume');
const sessions = join(stateDir, 'sessions');
const fileOf = (id: string): string => join(sessions, id, 'forge-state.json');

process.on('disconnect', () => process.exit());
for (let round = 0; round < Number(rounds); round += 1) {
  const token = `${process.pid}.${Date.now()}.${Math.floor(Math.random() * 2 ** 32).toString(16)}`;
  await take(token);
  logHolder(log, 'enter');
  await pause(Math.random() * 5 * Number(holding));
  handOver(`${prefix}-${round}`);
  if (holding !== '0') await pause(Math.random() * 3 * Number(holding));
  logHolder(log, 'leave');
  if (fs.readFileSync(join(lock, 'owner'), 'utf8') === token) fs.rmSync(lock, { recursive: true });
  await pause(Math.random() * 20);
}
process.exit();

async function take(token: string): Promise<void> {
  for (;;) {
    try {
      fs.mkdirSync(lock);
      fs.writeFileSync(join(lock, 'owner'), token);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const stat = fs.statSync(lock, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > 10_000) fs.rmSync(lock, { recursive: true, force: true });
    await pause(5 + Math.random() * 20);
  }
}

function handOver(current: string): void {
  const live = fs.readdirSync(sessions).filter((id) => read(id)?.['active'] === true);
  const [prior] = live;
  const run = prior === undefined ? undefined : read(prior);
  // A call of this version that was killed half-way leaves two: an older runtime lets them be.
  if (prior === undefined || run === undefined || live.length > 1) return;
  fs.mkdirSync(join(sessions, current), { recursive: true });
  replace(current, { ...run, owner_rcs_session_id: current });
  const ended = { active: false, current_phase: 'cancelled', stop_reason: 'ownership_transferred' };
  replace(prior, { ...run, ...ended, completed_at: new Date().toISOString() });
}

function read(id: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(fs.readFileSync(fileOf(id), 'utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function replace(id: string, run: object): void {
  const temp = `${fileOf(id)}.${process.pid}`;
  fs.writeFileSync(temp, JSON.stringify(run, null, 2));
  fs.renameSync(temp, fileOf(id));
}
