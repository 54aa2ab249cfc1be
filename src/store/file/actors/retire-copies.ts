import type { ActorBody, Recovery } from '../../../../machines/contract.ts';
import type { Call } from '../transfer/call.ts';
import { settleCopy } from '../transfer/copies.ts';
import { receiptsAbout } from '../transfer/receipts.ts';
import { listCandidates } from './scan-candidates.ts';

/**
 * Ends those of the matching runs that receipts prove to be copies of a run that was handed over before
 * (protocol.md, "Receipts"); the others stay candidates.
 *
 * @param call - the call
 */
export const retireCopies =
  (call: Call): ActorBody<'retireCopies'> =>
  async () => {
    call.checkAbort();
    const recovered: Recovery[] = [];
    for (const id of [...call.memory.candidates.keys()]) {
      if (receiptsAbout(call, id).length === 0) continue;
      const copy = await settleCopy(call, id);
      if (copy === undefined) continue;
      recovered.push(copy);
      if (copy.outcome === 'copy_ended') call.memory.candidates.delete(id);
    }
    return { kind: 'retired', candidates: listCandidates(call), recovered };
  };
