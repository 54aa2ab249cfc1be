import type { ActorBody, Recovery } from '../../../../machines/contract.ts';
import { isActiveMatch } from '../../../rules/ownership.ts';
import { isLeftBehind } from '../../../rules/trail.ts';
import { identityOfInput } from '../files/call-facts.ts';
import type { Call } from '../transfer/call.ts';
import { judgeCopy } from '../transfer/copies.ts';
import { concerns, listJournals } from '../transfer/journal-file.ts';
import { judgeCandidates } from '../transfer/judge-candidates.ts';
import { readRun } from '../transfer/run-file.ts';
import { settleJournal } from '../transfer/settle.ts';
import { readTrail } from '../transfer/trail-file.ts';

/**
 * Settles the unfinished transfers that name a matching run, and ends those matching runs that trails prove to be
 * copies (src/store/file/README.md#recovery and src/store/file/README.md#trails); the others stay candidates, as they
 * are by then.
 *
 * @param call - the call
 */
export const retireCopies =
  (call: Call): ActorBody<'retireCopies'> =>
  async (input) => {
    call.checkAbort();
    const { candidates, blocked } = call.memory;
    const currentId = input.current.id;
    const identity = identityOfInput(input);
    const recovered: Recovery[] = [];
    const ids = new Set(candidates.keys());
    for (const sides of listJournals(call)) {
      if (concerns(sides, currentId) || ![...candidates.keys()].some((id) => concerns(sides, id))) continue;
      const settled = await settleJournal(call, sides, { kind: 'caller', currentId, identity });
      if (settled.kind === 'settled') recovered.push(settled.recovery);
      if (settled.kind === 'kept') {
        blocked.set(sides.source, settled.error).set(sides.target, settled.error);
      }
      ids.add(sides.source).add(sides.target);
    }
    for (const id of ids) {
      const copy = isLeftBehind(readTrail(call, id)) ? await judgeCopy(call, id, currentId) : undefined;
      if (copy !== undefined) recovered.push(copy.recovery);
    }
    candidates.clear();
    for (const id of ids) {
      const run = id === currentId ? undefined : await readRun(call, id);
      if (run?.kind === 'json' && isActiveMatch(run.value, identity)) candidates.set(id, run);
    }
    return { kind: 'retired', ...(await judgeCandidates(call, input)), recovered };
  };
