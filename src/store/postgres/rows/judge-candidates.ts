import type { Candidate, MachineInput, RunHandle } from '../../../../machines/contract.ts';
import { resumable } from '../../../../machines/guards.ts';
import { judgeLiveness, type Liveness } from '../../../rules/liveness.ts';
import { type Staleness, stalenessOf } from '../../../rules/staleness.ts';
import type { PostgresCall } from '../call.ts';
import { candidateRows, candidatesOf, ownerKeys } from './candidates.ts';
import { isOlderTimeline } from './epoch.ts';
import { type RunRow, rowColumns, runRow } from './run-row.ts';

/** The candidates of a call, as its policies see them. */
export interface JudgedCandidates {
  readonly candidates: readonly Candidate[];
  /** Those that have been idle for too long; absent where there are none. */
  readonly stale?: readonly RunHandle[];
}

/** What was read of the candidates, by session. */
export type CandidateRows = ReadonlyMap<string, RunRow>;

/**
 * Reads the active runs of other sessions whose owner matches (src/rules/README.md#rule-6-candidates).
 *
 * @param call - a call that holds the lock
 * @param input - the caller's ids
 * @param current - the current session
 */
export async function readCandidates(call: PostgresCall, input: MachineInput, current: string): Promise<CandidateRows> {
  const { connection, project } = call.lease;
  const { rows } = await connection.query(`SELECT ${rowColumns} ${candidateRows} ORDER BY c.session`, [
    project,
    current,
    ownerKeys(input),
  ]);
  return new Map(rows.map(runRow).map((row) => [row.session, row]));
}

/**
 * The candidates as the machine sees them: whose owner lives, and which are stale, where a policy asks for that
 * (src/rules/README.md#policies).
 *
 * @param call - the call
 * @param rows - of {@link readCandidates}
 * @param input - the caller's ids and policies
 */
export function judgeCandidates(call: PostgresCall, rows: CandidateRows, input: MachineInput): JudgedCandidates {
  const { staleAfter, requireDeadOwner = false } = input.policies ?? {};
  const matches = candidatesOf(call, [...rows.values()], input);
  const candidates = requireDeadOwner ? matches.map((candidate) => withOwner(call, rows, candidate)) : matches;
  if (staleAfter === undefined) return { candidates };
  const stale = resumable(candidates, input)
    .filter(({ run, owner }) => owner === undefined && staleRun(call, input, rows.get(run.id)) !== undefined)
    .map(({ run }) => run);
  return stale.length === 0 ? { candidates } : { candidates, stale };
}

/**
 * How long a run has been idle, where that is longer than the caller lets it; by the server's clock alone, since those of
 * hosts may be hours apart.
 *
 * @param call - gives the instant
 * @param input - gives the limit
 * @param row - the run as read
 */
export function staleRun(
  { lease }: PostgresCall,
  { policies }: MachineInput,
  row: RunRow | undefined,
): Staleness | undefined {
  if (row === undefined) return undefined;
  return stalenessOf({}, { mtimeMs: row.writtenMs, nowMs: lease.nowMs, limitMs: policies?.staleAfter });
}

/**
 * Whether the owner of a run lives. Its process and its pane are on a host that nobody can ask; a turn that was
 * counted within the last minute is the one sign that there is, unless its standby was promoted since.
 *
 * @param call - gives the instant
 * @param row - the run as read
 */
export function livenessOf({ lease }: PostgresCall, { turnMs, version }: RunRow): Liveness {
  // Whose turn it was may have changed since, by a commit that was lost.
  if (turnMs === null || isOlderTimeline(version, lease.floor)) return judgeLiveness({});
  // One clock tells of both: what was written since the call began is young.
  return judgeLiveness({ turnAgeMs: Math.max(0, lease.nowMs - turnMs) });
}

function withOwner(call: PostgresCall, rows: CandidateRows, candidate: Candidate): Candidate {
  const row = rows.get(candidate.run.id);
  const owner = row && livenessOf(call, row);
  return owner?.state === 'live' ? { ...candidate, owner } : candidate;
}
