import { basename } from 'node:path';
import type { ActorBody } from '../../../../machines/contract.ts';
import { stopReasons } from '../../../rules/protocol.ts';
import type { JsonContent } from '../files/json-file.ts';
import { keptName } from '../files/kept-name.ts';
import type { Call } from '../transfer/call.ts';
import { endRunForGood } from '../transfer/end-for-good.ts';
import { keep } from '../transfer/quarantine.ts';
import { keepTrail } from '../transfer/trail-file.ts';

/**
 * Ends the run that a person named (src/store/file/README.md#what-a-person-asks-for); only as it was seen, where there is
 * a plan. Its bytes go to quarantine first, and its session's trail with them.
 *
 * @param call - the call
 */
export const endNamed =
  (call: Call): ActorBody<'endNamed'> =>
  async ({ run: { id, location }, command }) => {
    call.checkAbort();
    const read = call.memory.named;
    if (read === undefined) return { kind: 'changed' };
    let kept = '';
    const keeps = ({ file: { bytes, stat } }: JsonContent): void => {
      kept = keep(call, keptName(stat, id, 'end'), bytes, Number(stat.mode) & 0o777);
      keepTrail(call, id, `${basename(kept)}.trail`);
    };
    const stillEnds = (): boolean => command?.plan === undefined;
    const isEnded = await endRunForGood(call, { id, read, stopReason: stopReasons.byUser, stillEnds, keeps });
    if (!isEnded) return { kind: 'changed' };
    return { kind: 'ended', ended: { session: id, location, stopReason: stopReasons.byUser, kept } };
  };
