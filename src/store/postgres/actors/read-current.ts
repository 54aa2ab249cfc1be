import type { ActorBody, MachineInput } from '../../../../machines/contract.ts';
import { startOf } from '../../../rules/forge-state.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { type PostgresCall, runHandle } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { judgeCurrent } from '../rows/judge-current.ts';
import { readRun, stateOf } from '../rows/run-row.ts';

/**
 * Finds the current session and says what stands in it (src/rules/README.md#rule-2-current-session to
 * src/rules/README.md#rule-4-current-run-present).
 *
 * @param call - the call
 */
export const readCurrent =
  (call: PostgresCall): ActorBody<'readCurrent'> =>
  async (input) => {
    const { connection, project } = call.lease;
    call.memory.home = undefined;
    const session = await currentOf(call, input);
    if (!isSessionId(session)) return { kind: 'missing' };
    const { rowCount } = await connection.query(`SELECT FROM ${schema}.session WHERE project = $1 AND id = $2`, [
      project,
      session,
    ]);
    if (rowCount === 0) return { kind: 'missing' };
    const row = await readRun(connection, project, session);
    const inTheWay = await call.host?.inTheWay(session);
    if (inTheWay !== undefined) return { kind: inTheWay, current: runHandle(call, session) };
    // A person who names the run may bring it home at any time.
    const mayComeHome = call.options.comeHome === true || input.command !== undefined;
    const output = judgeCurrent(runHandle(call, session), row, input, mayComeHome);
    if (output.kind === 'absent') call.memory.home = row;
    return output;
  };

/** The session that is to get a run: for `undo`, the one that the run came from last. */
async function currentOf(call: PostgresCall, { command }: MachineInput): Promise<string | undefined> {
  if (command?.kind === 'adopt') return command.into ?? call.options.session;
  if (command?.kind !== 'undo') return call.options.session;
  const { connection, project } = call.lease;
  const keeper = command.session ?? call.options.session;
  const run = stateOf(await readRun(connection, project, keeper));
  const { rows } = await connection.query(
    `SELECT id, source, started_at FROM ${schema}.transfer WHERE project = $1 AND target = $2 ORDER BY n DESC LIMIT 1`,
    [project, keeper],
  );
  const [last] = rows;
  const isItsLast = last !== undefined && (command.transferId === undefined || command.transferId === last.id);
  const isSame = run === undefined || startOf(run) === last?.started_at;
  return isItsLast && isSame ? last.source : undefined;
}
