import type { ActorBody, TransferHandle } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import type { ForgeState } from '../../../rules/forge-state.ts';
import { type Journal, journalVersion, storeBytes } from '../../../rules/journal.ts';
import { makeTransferId } from '../../../rules/transfer-id.ts';
import { planTransfer } from '../../../rules/transfer-plan.ts';
import { identityOfInput, ownerFacts, runHandle } from '../files/call-facts.ts';
import { formatRun } from '../files/run-file.ts';
import type { Call } from '../transfer/call.ts';
import { createJournal, ensureFolders } from '../transfer/journal-file.ts';

/**
 * Plans the transfer and writes its journal, durably (protocol.md, "Transfer", step 1).
 *
 * @param call - the call
 */
export const prepare =
  (call: Call): ActorBody<'prepare'> =>
  (input) => {
    call.checkAbort();
    const source = call.memory.candidates.get(input.source.id);
    if (source === undefined) throw new ForgeResumeError('SOURCE_BUSY', 'the run to hand over is not there any more');
    if (call.memory.journalKept) {
      throw new ForgeResumeError(
        'RECOVERY_BLOCKED',
        `${call.paths.journal} records an unfinished transfer whose run files cannot be read; mend or remove them`,
      );
    }
    const facts = ownerFacts(call, input.current.id, identityOfInput(input), input.pane);
    const plan = planTransfer(source.value as ForgeState, facts);
    const journal: Journal = {
      version: journalVersion,
      transferId: makeTransferId(input.source.id, input.current.id, call.nowMs, Math.random()),
      currentId: input.current.id,
      priorId: input.source.id,
      createdAt: call.now,
      target: { before: null, after: storeBytes(Buffer.from(formatRun(plan.target))) },
      source: {
        before: storeBytes(source.file.bytes),
        mode: source.file.mode,
        after: storeBytes(Buffer.from(formatRun(plan.source))),
      },
    };
    ensureFolders(call);
    createJournal(call, journal);
    Object.assign(call.memory, { journal, sourceRead: source, plans: 1, ineligible: false });
    return { kind: 'prepared', transfer: transferHandle(call, journal) };
  };

/** The handle of a journal's transfer. */
export function transferHandle(call: Call, journal: Journal): TransferHandle {
  return {
    id: journal.transferId,
    source: runHandle(call.paths, journal.priorId),
    target: runHandle(call.paths, journal.currentId),
  };
}

/**
 * The journal of the transfer under way.
 *
 * @param call - the call
 */
export function currentJournal(call: Call): Journal {
  const { journal } = call.memory;
  if (journal === undefined) throw new Error('no transfer is under way');
  return journal;
}
