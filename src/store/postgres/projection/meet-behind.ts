import type { MachineInput } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, formatForgeState, isSameRun, startOf } from '../../../rules/forge-state.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { isActiveMatch, identityOf as ownerOf } from '../../../rules/ownership.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import { identityOf, type PostgresCall } from '../call.ts';
import type { Connection } from '../database/connection.ts';
import { schema } from '../database/migrations.ts';
import { isOneTimeline, nextEpoch } from '../rows/epoch.ts';
import { ownerKey } from '../rows/run-columns.ts';
import { createRun, replaceRun } from '../rows/run-row.ts';
import type { RunHead } from './host.ts';
import type { LocalRun } from './local-run.ts';
import { type JudgedRun, makeKnown } from './push.ts';

/** What stands on the host beside the run that is behind. */
export interface Surroundings {
  readonly runs: readonly LocalRun[];
  readonly heads: ReadonlyMap<string, RunHead>;
  /** Where a session's file is, for people. */
  readonly location: (session: string) => string;
  /** Forgets the note of a session. */
  readonly forget: (session: string) => Promise<void>;
}

/**
 * Meets a run of which the database does not know what this host has seen: it was put back to an earlier state, or its
 * standby was promoted without the last commits. Who owns the run is unknown until a person adopts it here: into its session,
 * or into another one of this host, to which what stands in the first one then gives way. A call that asks for the run until
 * then is refused; others go on.
 *
 * @param call - a call that holds the lock
 * @param input - the caller's ids, and what a person named
 * @param judged - with the step `behind`
 * @param surroundings - of the host
 * @returns whether a row was written
 * @throws ForgeResumeError `RECOVERY_BLOCKED`
 */
export async function meetBehind(
  call: PostgresCall,
  input: MachineInput,
  judged: JudgedRun,
  surroundings: Surroundings,
): Promise<boolean> {
  const { run } = judged;
  const { file } = run;
  const { command } = input;
  const { session } = call.options;
  if (file.kind !== 'run') return false;
  if (wasAdopted(run, file.value, surroundings)) {
    // The file follows, and its bytes are kept.
    await writeRow(call, judged, formatForgeState(endAsTransferred(file.value, call.lease.now)));
    return true;
  }
  const isNamed = command?.kind === 'adopt' && command.source === run.id;
  // Where it is alone, it is the one that goes on, in its own session too.
  const { connection, project } = call.lease;
  const isAlone = async () => (await liveElsewhere(connection, project, run.id, file.value)) === undefined;
  if (isNamed && judged.row === undefined && (await isAlone())) {
    await writeRow(call, judged, file.text);
    return true;
  }
  const target = command?.kind === 'adopt' ? (command.into ?? session) : session;
  // Given away here by what was lost: nothing stands here beside what the database has.
  const isGiven = judged.row !== undefined && isActiveRun(judged.row.value) && !isActiveRun(file.value);
  if (isNamed && isGiven) {
    if (run.id === target) await writeRow(call, judged, judged.row.text);
    return run.id === target;
  }
  if (run.id === target && (command?.kind === 'adopt' || command?.kind === 'undo')) {
    // The person decides by that: what stands here is judged as if it had never been compared.
    await surroundings.forget(run.id);
    call.memory.resettled = run.id;
    return false;
  }
  // Whoever has a run asks for no other.
  const isAsked = surroundings.heads.get(session)?.active !== true && isActiveMatch(file.value, identityOf(input));
  if (run.id !== session && !isAsked && !isNamed) return false;
  throw new ForgeResumeError(
    'RECOVERY_BLOCKED',
    `the run in ${surroundings.location(run.id)} is not known to the database, which once had it: it was put back to an earlier state, a standby without its last commits was promoted, or it is another database, or another name of the project in it (see forge-resume store show); adopt the run that is to go on, this one by: forge-resume adopt ${run.id}`,
  );
}

/**
 * Whether a run that is behind was adopted since, so that the next call settles it: none hands it over to this host by itself.
 *
 * @param run - the run
 * @param state - what its file says
 * @param surroundings - of the host
 */
export const wasAdopted = (
  run: LocalRun,
  state: ForgeState,
  { runs, heads }: Pick<Surroundings, 'runs' | 'heads'>,
): boolean =>
  runs.some(({ id, file }) => {
    const head = heads.get(id);
    const isSince = head?.active === true && run.note !== undefined && !isOneTimeline(head.epoch, run.note.epoch);
    return id !== run.id && isSince && file.kind === 'run' && startOf(state) !== '' && isSameRun(file.value, state);
  });

/** Makes a row that is of no lost number. */
async function writeRow(call: PostgresCall, { run: { id, note }, row }: JudgedRun, text: string): Promise<void> {
  const { connection, project, floor } = call.lease;
  const written = { text, epoch: nextEpoch(note?.epoch ?? '0', floor) };
  await makeKnown(call, id);
  if (row === undefined) await createRun(connection, project, id, written);
  else await replaceRun(connection, project, row, written);
}

/**
 * The other session of which the database has a run as a live one; undefined where there is none. A run that says when it was
 * started is told by that, since `adopt` may have given it to another conversation.
 *
 * @param id - the session that has it here
 * @param state - the run
 */
export async function liveElsewhere(
  connection: Connection,
  project: number,
  id: string,
  state: ForgeState,
): Promise<string | undefined> {
  const { rows } = await connection.query(
    `SELECT session FROM ${schema}.run
     WHERE project = $1 AND active AND started_at = $3 AND (owner_key = $2 OR $3 <> '') AND session <> $4 LIMIT 1`,
    [project, ownerKey(ownerOf(state)), startOf(state), id],
  );
  return rows[0]?.session;
}
