import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import type { Call } from '../transfer/call.ts';
import { commitJournal } from '../transfer/journal-file.ts';
import { pruneReceipts } from '../transfer/receipts.ts';
import { currentJournal } from './prepare.ts';

/**
 * Turns the journal into the transfer's receipt (protocol.md, "Transfer", step 5). Where it fails, the journal stays
 * and the next call finishes; this call still reports the transfer.
 *
 * @param call - the call
 */
export const commit =
  (call: Call): ActorBody<'commit'> =>
  async () => {
    if (call.memory.commitHeldBack) throw new ForgeResumeError('IO', 'the source could not be synced');
    commitJournal(call, currentJournal(call));
    await pruneReceipts(call);
    return { kind: 'committed' };
  };
