import type { ActorBody } from '../../../../machines/contract.ts';
import { type Call, currentTransfer } from '../transfer/call.ts';
import { settleJournal } from '../transfer/settle.ts';

const forward: readonly string[] = ['completed', 'finished', 'restored'];

/**
 * Settles a transfer that failed before its commit point (src/rules/README.md#rule-8-rollback;
 * src/store/file/README.md#transfer): the target goes if the source is still the same live run, or stopped matching;
 * where the source is ended or gone, the target is the run and stays.
 *
 * @param call - the call
 */
export const rollback =
  (call: Call): ActorBody<'rollback'> =>
  async () => {
    const { journal, ineligible } = currentTransfer(call);
    const settled = await settleJournal(call, journal, { kind: 'rollback', ineligible });
    if (settled.kind !== 'settled') return { kind: 'left' };
    return { kind: forward.includes(settled.recovery.outcome) ? 'wentForward' : 'rolledBack' };
  };
