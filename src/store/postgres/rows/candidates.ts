import type { Candidate, MachineInput } from '../../../../machines/contract.ts';
import { phaseOf } from '../../../rules/forge-state.ts';
import { isActiveMatch } from '../../../rules/ownership.ts';
import { identityOf, type PostgresCall, runHandle } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { ownerKey } from './run-columns.ts';
import type { RunRow } from './run-row.ts';

/** Active runs of other sessions that one of two owners has: $1 the project's number, $2 the current session, $3 the owners. */
export const candidateRows = `FROM ${schema}.run AS c
  WHERE c.project = $1 AND c.active AND c.owner_key = ANY ($3) AND c.session <> $2`;

/** The owners that a payload may be, as the index holds them. */
export const ownerKeys = ({ payloadSessionId, payloadThreadId }: MachineInput): string[] => [
  ownerKey(`session:${payloadSessionId}`),
  ownerKey(`thread:${payloadThreadId}`),
];

/**
 * Those of the rows that match (src/rules/README.md#rule-6-candidates without the phase): the index only narrows.
 *
 * @param call - names the project
 * @param rows - of {@link candidateRows}
 * @param input - the payload's ids
 */
export function candidatesOf(
  call: Pick<PostgresCall, 'project' | 'host'>,
  rows: readonly Pick<RunRow, 'session' | 'value'>[],
  input: MachineInput,
): Candidate[] {
  const identity = identityOf(input);
  return rows.flatMap(({ session, value }) =>
    isActiveMatch(value, identity) ? [{ run: runHandle(call, session), phase: phaseOf(value) }] : [],
  );
}
