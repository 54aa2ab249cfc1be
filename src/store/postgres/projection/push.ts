import { isForgeState, isLive, isSameRun } from '../../../rules/forge-state.ts';
import { sha256 } from '../../file/files/sha256.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { createRun, type RunRow, replaceRun } from '../rows/run-row.ts';
import type { LocalFile, LocalStep } from './judge-local.ts';
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
 * @returns the text of a live run that gave way to one that was started anew, where no file of this host held it
 */
export async function pushRun(call: PostgresCall, { run, row }: JudgedRun): Promise<string | undefined> {
  const { connection, project } = call.lease;
  const { id, file, note } = run;
  if (file.kind !== 'run') return undefined;
  const { text } = file;
  await makeKnown(call, id);
  const isWritten =
    row === undefined
      ? await createRun(connection, project, id, { text, epoch: '1', isTurn: true })
      : await replaceRun(connection, project, row, { text, isTurn: true });
  const wasHere = row === undefined || (note?.epoch === row.epoch && note.version === row.version);
  return isWritten && !wasHere && hasGivenWay(file, row) ? row.text : undefined;
}

function hasGivenWay(file: LocalFile, { value }: RunRow): boolean {
  return file.kind === 'run' && isForgeState(value) && isLive(value) && !isSameRun(file.value, value);
}
