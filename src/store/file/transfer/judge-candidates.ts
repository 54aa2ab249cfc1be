import type { Candidate, MachineInput, RunHandle } from '../../../../machines/contract.ts';
import { resumable } from '../../../../machines/guards.ts';
import type { ForgeState } from '../../../rules/forge-state.ts';
import type { Liveness } from '../../../rules/liveness.ts';
import { type Staleness, stalenessOf } from '../../../rules/staleness.ts';
import { type JsonContent, readJsonAt } from '../files/json-file.ts';
import { livenessOf, surroundingsOf } from '../files/owner-evidence.ts';
import { listMatches } from '../files/scan-runs.ts';
import type { Call } from './call.ts';

/** The candidates of a call, as its policies see them. */
export interface JudgedCandidates {
  readonly candidates: readonly Candidate[];
  /** Those that have been idle for too long; absent where there are none. */
  readonly stale?: readonly RunHandle[];
}

/**
 * The candidates in the call's memory as the machine sees them: whose owner lives, and which are stale, where a policy asks
 * for that (src/rules/README.md#policies).
 *
 * @param call - the call
 * @param input - the caller's ids and policies
 */
export async function judgeCandidates(call: Call, input: MachineInput): Promise<JudgedCandidates> {
  const listed = listMatches(call.paths, call.memory.candidates);
  const { staleAfter, requireDeadOwner = false } = input.policies ?? {};
  const candidates = requireDeadOwner ? await withOwners(call, listed) : listed;
  if (staleAfter === undefined) return { candidates };
  const stale = resumable(candidates, input)
    .filter(({ run, owner }) => owner === undefined && !call.memory.blocked.has(run.id))
    .filter(({ run: { id } }) => isStale(call, input, call.memory.candidates.get(id)))
    .map(({ run }) => run);
  return stale.length === 0 ? { candidates } : { candidates, stale };
}

/**
 * How long a run has been idle, where that is longer than the caller lets it.
 *
 * @param call - gives the instant
 * @param input - gives the limit
 * @param run - the run as read
 */
export function staleRun(call: Call, { policies }: MachineInput, { value, file }: JsonContent): Staleness | undefined {
  const mtimeMs = Number(file.stat.mtimeMs);
  return stalenessOf(value as ForgeState, { mtimeMs, nowMs: call.nowMs, limitMs: policies?.staleAfter });
}

const isStale = (call: Call, input: MachineInput, run: JsonContent | undefined): boolean =>
  run !== undefined && staleRun(call, input, run) !== undefined;

/** Says whose owner lives; one that is dead, or of which nothing tells, is in nobody's way. */
async function withOwners(call: Call, listed: readonly Candidate[]): Promise<readonly Candidate[]> {
  const around = surroundingsOf(call.options, await readJsonAt(call.paths.sessionRecord));
  const ownerOf = (id: string): Liveness | undefined => {
    const run = call.memory.candidates.get(id);
    return run && livenessOf(id, run, around);
  };
  return listed.map((candidate) => {
    const owner = ownerOf(candidate.run.id);
    return owner?.state === 'live' ? { ...candidate, owner } : candidate;
  });
}
