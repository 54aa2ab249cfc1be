import type { ActorBody } from '../../../../machines/contract.ts';
import { runIn } from '../../../rules/journal.ts';
import { isRunOf } from '../../../rules/recovery.ts';
import { type Call, currentTransfer, type TransferMemory } from '../transfer/call.ts';
import { carryInto } from '../transfer/carry.ts';
import { inSession } from '../transfer/place.ts';
import { putBack } from '../transfer/run-file.ts';
import { dropTransfer } from '../transfer/settle.ts';
import { createAt, replaceAt } from '../transfer/write-at.ts';

/**
 * Creates the run in the current session, with its folder if needed, or replaces the one that we ended there
 * (src/rules/README.md#rule-7-transfer; src/store/file/README.md#transfer, step 3). A run that its runtime started
 * first stays, and the journal goes.
 *
 * @param call - the call
 */
export const writeTarget =
  (call: Call): ActorBody<'writeTarget'> =>
  async () => {
    call.checkAbort();
    const transfer = currentTransfer(call);
    const { journal, target, mode } = transfer;
    const isOurs =
      call.memory.home === undefined
        ? createAt(call, inSession(journal.target), target, { mode })
        : await comeHome(call, transfer);
    if (isOurs) return { kind: 'written' };
    await dropTransfer(call, journal);
    return { kind: 'taken' };
  };

async function comeHome(call: Call, transfer: TransferMemory): Promise<boolean> {
  const { home } = call.memory;
  const { journal, target } = transfer;
  if (home === undefined) return false;
  const replaced = await replaceAt(call, inSession(journal.target), home, target);
  if (replaced.kind === 'changed') return false;
  const { late, syncError } = replaced;
  const started = late && runIn(late);
  if (late && started && !isRunOf(journal, started)) {
    // Its runtime started a run in the very moment in which we wrote over the ended one.
    await putBack(call, journal.target, late, target);
    return false;
  }
  if (late) {
    const found = { session: journal.target, bytes: late, moved: true };
    transfer.target =
      (await carryInto(call, found, { id: journal.target, known: target }, journal.transferId)) ?? target;
  }
  if (syncError !== undefined) throw syncError;
  return true;
}
