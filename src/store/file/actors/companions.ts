import type { ActorBody } from '../../../../machines/contract.ts';
import { type Call, currentTransfer } from '../transfer/call.ts';
import { createCompanions } from '../transfer/companions.ts';

/**
 * Creates the files that go with the run, before the run: a live target always has them
 * (src/store/file/README.md#transfer, step 2).
 *
 * @param call - the call
 */
export const companions =
  (call: Call): ActorBody<'companions'> =>
  async () => {
    call.checkAbort();
    const transfer = currentTransfer(call);
    await createCompanions(call, transfer.journal, transfer.companions);
    return { kind: 'carried' };
  };
