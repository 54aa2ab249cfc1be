import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, isSameRun } from '../../../rules/forge-state.ts';
import { runIn } from '../../../rules/journal.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { identityOfInput, ownerFacts } from '../files/call-facts.ts';
import { judgeCurrent } from '../files/judge-current.ts';
import type { Call } from '../transfer/call.ts';
import { carryInto } from '../transfer/carry.ts';
import { inSession } from '../transfer/place.ts';
import { formatRun, putBack, readRun } from '../transfer/run-file.ts';
import { replaceAt } from '../transfer/write-at.ts';

/** How often a run that its runtime keeps writing is planned anew before we give up. */
const maxTries = 40;
/** Under which to keep what gives way: no transfer is under way. */
const transferId = 'refresh';

/**
 * Refreshes the owner of the current session's active run (src/rules/README.md#rule-3-current-run-active); writes only
 * if something changes.
 *
 * @param call - the call
 */
export const updateOwner =
  (call: Call): ActorBody<'updateOwner'> =>
  async (input) => {
    call.checkAbort();
    const { id } = input.current;
    const facts = ownerFacts(call, id, identityOfInput(input), input.pane);
    let run = call.memory.currentRun;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const stands = run && judgeCurrent(input.current, run, input);
      if (run === undefined || stands?.kind !== 'active' || stands.foreign) return { kind: 'changed' };
      const state = run.value as ForgeState;
      const next = refreshOwner(state, facts);
      if (next === state) return { kind: 'unchanged' };
      const content = formatRun(next, call.paths.run(id));
      const replaced = await replaceAt(call, inSession(id), run.file, content);
      if (replaced.kind === 'replaced') {
        const isOther = replaced.late !== undefined && (await keepLate(call, id, state, content, replaced.late));
        if (replaced.syncError !== undefined) throw replaced.syncError;
        return { kind: isOther ? 'changed' : 'updated' };
      }
      const again = await readRun(call, id);
      run = again.kind === 'json' ? again : undefined;
    }
    throw new ForgeResumeError('SOURCE_BUSY', `${call.paths.run(id)} kept changing while its owner was refreshed`);
  };

/** What came late is carried over; a run that was started in that very moment comes back whole: says whether it is one. */
async function keepLate(call: Call, id: string, state: ForgeState, content: Buffer, late: Buffer): Promise<boolean> {
  const started = runIn(late);
  const isOther = started !== undefined && !isSameRun(started, state);
  if (isOther) await putBack(call, id, late, content);
  else await carryInto(call, { session: id, bytes: late, moved: true }, { id, known: content }, transferId);
  return isOther;
}
