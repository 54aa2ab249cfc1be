/** Random pasts of a state directory: hand-overs, late writers, calls that were killed. */
import fs from 'node:fs';
import { join } from 'node:path';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { ForgeResumeError } from '../../src/errors.ts';
import type { Random } from '../support/race/random.ts';
import { liveRun } from '../support/runs.ts';
import { pick, putFile, sessionIds } from './random-directory.ts';

/**
 * Lets some things happen in a state directory, through real calls, so that it holds what such calls leave.
 *
 * @param random - chooses
 * @param stateDir - the state directory
 * @returns how many calls were killed
 */
export async function livePast(random: Random, stateDir: string): Promise<number> {
  const runFile = (id: string): string => join(stateDir, 'sessions', id, 'forge-state.json');
  const earlier: { readonly file: string; readonly text: string }[] = [];
  putFile(random, runFile('a'), JSON.stringify(liveRun({ owner_rcs_session_id: 'a' }), null, 2));
  let kills = 0;
  for (let steps = random.between(1, 5); steps > 0; steps -= 1) {
    for (const id of sessionIds) {
      if (fs.existsSync(runFile(id))) earlier.push({ file: runFile(id), text: fs.readFileSync(runFile(id), 'utf8') });
    }
    const deed = random.next();
    if (deed < 0.6) kills += await callFrom(random, stateDir, pick(random, sessionIds), random.chance(0.2));
    else if (deed < 0.75) lateWrite(random, earlier);
    else if (deed < 0.85)
      fs.rmSync(join(stateDir, 'sessions', pick(random, sessionIds)), { recursive: true, force: true });
    else endRun(runFile(pick(random, sessionIds)));
  }
  return kills;
}

/** Writes back what a program had read some time ago. */
function lateWrite(random: Random, earlier: readonly { readonly file: string; readonly text: string }[]): void {
  if (earlier.length === 0) return;
  const { file, text } = pick(random, earlier);
  if (fs.existsSync(file)) fs.writeFileSync(file, text);
}

function endRun(file: string): void {
  if (!fs.existsSync(file)) return;
  try {
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), active: false }));
  } catch {
    // Not every file is a run.
  }
}

/**
 * Makes a call; one that is killed leaves the directory as it was between its two writes, lock folder included.
 *
 * @returns 1 where it was killed
 */
async function callFrom(random: Random, stateDir: string, current: string, isKilled: boolean): Promise<number> {
  fs.mkdirSync(join(stateDir, 'sessions', current), { recursive: true });
  const image = `${stateDir}.image`;
  const copy = (): void => fs.cpSync(stateDir, image, { recursive: true, preserveTimestamps: true });
  try {
    await reconcileForgeSessionResume({
      stateDir,
      payloadSessionId: pick(random, ['s1', 's1', 's2']),
      env: { RCS_SESSION_ID: current },
      hooks: isKilled ? { afterTargetWrite: copy } : {},
    });
  } catch (error) {
    if (!(error instanceof ForgeResumeError)) throw error;
  }
  if (!fs.existsSync(image)) return 0;
  fs.rmSync(stateDir, { recursive: true });
  fs.renameSync(image, stateDir);
  return 1;
}
