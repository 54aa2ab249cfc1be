import { type ForgeState, isForgeState, isLive, isSameRun, iterationOf } from '../../../rules/forge-state.ts';
import { lastTurn } from '../../../rules/last-change.ts';
import { recentTurnMs } from '../../../rules/liveness.ts';
import { sha256 } from '../../file/files/sha256.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { nextEpoch } from '../rows/epoch.ts';
import { createRun, type RunRow, replaceRun } from '../rows/run-row.ts';
import type { LocalStep } from './judge-local.ts';
import { judgeLocal } from './judge-local.ts';
import type { LocalRun } from './local-run.ts';

/** A session's file, its row, and what is to be done about them. */
export interface JudgedRun {
  readonly run: LocalRun;
  readonly row: RunRow | undefined;
  readonly step: LocalStep;
}

/**
 * Judges a file against its row.
 *
 * @param run - the file
 * @param row - the row; undefined where there is none
 */
export function judgeRun(run: LocalRun, row: RunRow | undefined): JudgedRun {
  const side = row && { ...row, sha256: sha256(Buffer.from(row.text)) };
  return { run, row, step: judgeLocal({ file: run.file, note: run.note, row: side }) };
}

/**
 * Makes a session known in the open transaction; it may be known already.
 *
 * @param call - a call that holds the lock
 * @param session - its id
 * @returns whether it was not
 */
export async function makeKnown({ lease }: PostgresCall, session: string): Promise<boolean> {
  const { rowCount } = await lease.connection.query(
    `INSERT INTO ${schema}.session (project, id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [lease.project, session],
  );
  return rowCount === 1;
}

/**
 * Writes what the runtime made of a run into its row, in the open transaction.
 *
 * @param call - a call that holds the lock
 * @param judged - with the step `push`
 */
export async function pushRun(call: PostgresCall, { run, row }: JudgedRun): Promise<void> {
  const { connection, project, floor, nowMs } = call.lease;
  const { id, file } = run;
  if (file.kind !== 'run') return;
  const { text } = file;
  const turnMs = turnOf(file.value, row, nowMs);
  await makeKnown(call, id);
  if (row === undefined) await createRun(connection, project, id, { text, epoch: nextEpoch('0', floor), turnMs });
  else await replaceRun(connection, project, row, { text, turnMs });
}

/** When the last turn of a run was counted, by the server's clock; null where nothing tells. */
function turnOf(state: ForgeState, row: RunRow | undefined, nowMs: number): number | null {
  const stored = row?.value;
  if (row !== undefined && isForgeState(stored) && isSameRun(state, stored)) {
    return (iterationOf(state) ?? -1) > (iterationOf(stored) ?? -1) ? nowMs : row.turnMs;
  }
  // Of a run that is new here only its own words tell, and those of its host's clock: what it says is a time ago.
  const ageMs = Date.now() - (lastTurn(state) ?? Number.NEGATIVE_INFINITY);
  return ageMs >= 0 && ageMs < recentTurnMs ? nowMs - ageMs : null;
}

/**
 * Whether a push takes a live run away that no file of this host ever held: its runtime started one of its own in the very
 * moment in which that one was handed over to it.
 *
 * @param judged - with the step `push`
 */
export function takesAway({ run: { file, note }, row }: JudgedRun): boolean {
  if (row === undefined || file.kind !== 'run' || !isForgeState(row.value)) return false;
  const wasHere = note?.epoch === row.epoch && note.version === row.version;
  return !wasHere && isLive(row.value) && !isSameRun(file.value, row.value);
}
