import type { ActorBody, EndedRun } from '../../../../machines/contract.ts';
import { isActiveMatch } from '../../../rules/ownership.ts';
import { stopReasons } from '../../../rules/protocol.ts';
import { identityOfInput } from '../files/call-facts.ts';
import type { JsonContent } from '../files/json-file.ts';
import type { Call } from '../transfer/call.ts';
import { endRunForGood } from '../transfer/end-for-good.ts';
import { judgeCandidates, staleRun } from '../transfer/judge-candidates.ts';
import { readRun } from '../transfer/run-file.ts';

/**
 * Ends the candidates that have been idle for too long (src/rules/README.md#policies): one that has gone on meanwhile stays a
 * candidate, as it is by then.
 *
 * @param call - the call
 */
export const endStale =
  (call: Call): ActorBody<'endStale'> =>
  async (input) => {
    call.checkAbort();
    const { candidates } = call.memory;
    const identity = identityOfInput(input);
    const stopReason = stopReasons.stale;
    const ended: EndedRun[] = [];
    const { stale = [] } = await judgeCandidates(call, input);
    for (const { id, location } of stale) {
      const read = candidates.get(id);
      const staleness = read && staleRun(call, input, read);
      if (read === undefined || staleness === undefined) continue;
      const stillEnds = (again: JsonContent): boolean => staleRun(call, input, again) !== undefined;
      candidates.delete(id);
      if (await endRunForGood(call, { id, read, stopReason, staleness, stillEnds })) {
        ended.push({ session: id, location, stopReason, ...staleness });
        continue;
      }
      const now = await readRun(call, id);
      if (now.kind === 'json' && isActiveMatch(now.value, identity)) candidates.set(id, now);
    }
    return { kind: 'ended', candidates: (await judgeCandidates(call, input)).candidates, ended };
  };
