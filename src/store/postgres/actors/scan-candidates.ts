import type { ActorBody, Candidate, MachineInput } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import { candidateRows, candidatesOf, ownerKeys } from '../rows/candidates.ts';
import { runRow } from '../rows/run-row.ts';

/**
 * Finds the active runs of other sessions whose owner matches (src/rules/README.md#rule-6-candidates). None is a copy: a
 * write with an old epoch writes nothing, so what was handed over does not come back to life.
 *
 * @param call - the call
 */
export const scanCandidates =
  (call: PostgresCall): ActorBody<'scanCandidates'> =>
  async (input) => ({ kind: 'scanned', candidates: await scan(call, input, input.current.id), copies: [] });

/**
 * Never called, since there are no copies; says what a scan would.
 *
 * @param call - the call
 */
export const retireCopies =
  (call: PostgresCall): ActorBody<'retireCopies'> =>
  async (input) => ({ kind: 'retired', candidates: await scan(call, input, input.current.id), recovered: [] });

async function scan(call: PostgresCall, input: MachineInput, current: string): Promise<Candidate[]> {
  const { connection, project } = call.lease;
  const { rows } = await connection.query(
    `SELECT c.session, c.text, c.epoch, c.version, c.ended_by ${candidateRows} ORDER BY c.session`,
    [project, current, ownerKeys(input)],
  );
  return candidatesOf(call, rows.map(runRow), input);
}
