import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type Call, currentTransfer } from '../transfer/call.ts';
import { finishTransfer } from '../transfer/finish.ts';

/**
 * Writes both trails and the history, and removes the journal (src/store/file/README.md#transfer, step 6). Where it
 * fails, the journal stays and the next call finishes; this call still reports the transfer.
 *
 * @param call - the call
 */
export const commit =
  (call: Call): ActorBody<'commit'> =>
  async () => {
    const { journal, ended } = currentTransfer(call);
    if (ended === undefined || ended.problem !== undefined) {
      throw new ForgeResumeError(
        'IO',
        `the end of ${call.paths.run(journal.source)} could not be made safe`,
        ended?.problem,
      );
    }
    await finishTransfer(call, journal, ended);
    return { kind: 'committed' };
  };
