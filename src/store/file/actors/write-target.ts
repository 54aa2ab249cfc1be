import type { ActorBody } from '../../../../machines/contract.ts';
import type { Call } from '../transfer/call.ts';
import { createTarget } from '../transfer/complete-transfer.ts';
import { dropJournal } from '../transfer/journal-file.ts';
import { currentJournal } from './prepare.ts';

/**
 * Creates the run in the current session, with its folder if needed (rule 7; protocol.md, "Transfer", step 2). A run
 * that its runtime started first stays, and the journal goes.
 *
 * @param call - the call
 */
export const writeTarget =
  (call: Call): ActorBody<'writeTarget'> =>
  () => {
    call.checkAbort();
    if (createTarget(call, currentJournal(call)) === 'created') return { kind: 'written' };
    dropJournal(call);
    return { kind: 'taken' };
  };
