import type { ActorBody, EndedRun } from '../../../../machines/contract.ts';
import { stopReasons } from '../../../rules/protocol.ts';
import { type PostgresCall, runHandle } from '../call.ts';
import { endRun } from '../rows/end-run.ts';
import { judgeCandidates, readCandidates, staleRun } from '../rows/judge-candidates.ts';

/**
 * Ends the candidates that have been idle for too long (src/rules/README.md#policies), which stands whatever the call does
 * afterwards: one that was written meanwhile stays a candidate.
 *
 * @param call - the call
 */
export const endStale =
  (call: PostgresCall): ActorBody<'endStale'> =>
  async (input) => {
    const stopReason = stopReasons.stale;
    const ended: EndedRun[] = [];
    const rows = await readCandidates(call, input, input.current.id);
    for (const { id } of judgeCandidates(call, rows, input).stale ?? []) {
      const row = rows.get(id);
      const staleness = staleRun(call, input, row);
      if (row === undefined || staleness === undefined || !(await endRun(call, row, stopReason))) continue;
      ended.push({ session: id, location: runHandle(call, id).location, stopReason, ...staleness });
    }
    if (ended.length > 0) {
      await call.lease.commitAndGoOn();
      await call.lease.regain();
      await call.host?.project(
        call,
        ended.map(({ session }) => session),
      );
    }
    const left = await readCandidates(call, input, input.current.id);
    return { kind: 'ended', candidates: judgeCandidates(call, left, input).candidates, ended };
  };
