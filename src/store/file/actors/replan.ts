import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, isForgeState, isLive } from '../../../rules/forge-state.ts';
import { type Journal, restoreRun, storeBytes } from '../../../rules/journal.ts';
import { isActiveMatch } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import { identityOfInput } from '../files/call-facts.ts';
import { formatRun, readRun } from '../files/run-file.ts';
import type { Call } from '../transfer/call.ts';
import { mergeInto } from '../transfer/complete-transfer.ts';
import { rewriteJournal } from '../transfer/journal-file.ts';
import { currentJournal, transferHandle } from './prepare.ts';

/**
 * Plans anew where the source changed before its rename: rule 6 on the new content, the journal durable first, then
 * the source's progress in the target (protocol.md, "Transfer"). After three plans it gives up as `SOURCE_BUSY`.
 *
 * @param call - the call
 */
export const replan =
  (call: Call): ActorBody<'replan'> =>
  async (input) => {
    call.checkAbort();
    // A source that changed may have been moved by the one that took the lock from us.
    call.lease.verify();
    const { memory } = call;
    const journal = currentJournal(call);
    const source = await readRun(call, journal.priorId);
    const eligible =
      source.kind === 'json' && isActiveMatch(source.value, identityOfInput(input)) && isLive(source.value);
    if (!eligible) {
      memory.ineligible = true;
      return { kind: 'ineligible' };
    }
    memory.plans += 1;
    if (memory.plans > protocol.limits.transferPlans) {
      throw new ForgeResumeError('SOURCE_BUSY', 'the run kept changing while it was handed over');
    }
    const state = source.value as ForgeState;
    const base = restoreRun(journal.source.before);
    if (base === undefined || !isForgeState(base)) throw new Error('the journal holds no run');
    // `before` stays the first plan's: it is the base from which the target's progress is merged, also by recovery.
    const next: Journal = {
      ...journal,
      source: { ...journal.source, after: storeBytes(Buffer.from(formatRun(endAsTransferred(state, call.now)))) },
    };
    rewriteJournal(call, next);
    memory.journal = next;
    memory.sourceRead = source;
    if (!(await mergeInto(call, next, base, state))) {
      throw new ForgeResumeError('SOURCE_BUSY', 'the run in the current session changed while it was handed over');
    }
    return { kind: 'replanned', transfer: transferHandle(call, next) };
  };
