import { setTimeout as pause } from 'node:timers/promises';
import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { isLive } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isRunOf } from '../../../rules/recovery.ts';
import type { JsonRead } from '../files/json-file.ts';
import { type Call, currentTransfer } from '../transfer/call.ts';
import { carryInto } from '../transfer/carry.ts';
import { readRun } from '../transfer/run-file.ts';
import { isPatient } from '../transfer/settle.ts';
import { mayTake, transferHandle } from './prepare.ts';

/**
 * Plans anew where the source changed before its rename: rule 6 (src/rules/README.md#rule-6-candidates) on the new
 * content, then the source's turn goes into the target (src/store/file/README.md#transfer). The journal is not written
 * again. After three plans it gives up as `SOURCE_BUSY`.
 *
 * @param call - the call
 */
export const replan =
  (call: Call): ActorBody<'replan'> =>
  async (input) => {
    call.checkAbort();
    // A source that changed may have been moved by the one that took the lock from us.
    call.lease.verify();
    const transfer = currentTransfer(call);
    const { journal } = transfer;
    const replanned = { kind: 'replanned', transfer: transferHandle(call, journal) } as const;
    const source = await readPatiently(call, journal.source);
    // Nothing is left to end; `writeSource` says so.
    if (source.kind === 'absent') return replanned;
    if (source.kind === 'unreadable') {
      throw new ForgeResumeError(
        'SOURCE_BUSY',
        `${call.paths.run(journal.source)} cannot be read any more while it is handed over`,
      );
    }
    const { value } = source;
    if (!isRunOf(journal, value) || !mayTake(value, input) || !isLive(value)) {
      transfer.ineligible = true;
      return { kind: 'ineligible' };
    }
    transfer.plans += 1;
    if (transfer.plans > protocol.limits.transferPlans) {
      throw new ForgeResumeError(
        'SOURCE_BUSY',
        `${call.paths.run(journal.source)} kept changing while it was handed over`,
      );
    }
    const found = { session: journal.source, bytes: source.file.bytes, moved: true };
    const known = await carryInto(call, found, { id: journal.target, known: transfer.target }, journal.transferId);
    if (known === undefined) {
      throw new ForgeResumeError('SOURCE_BUSY', `${call.paths.run(journal.target)} changed while it was handed over`);
    }
    transfer.target = known;
    transfer.source = source;
    return replanned;
  };

async function readPatiently(call: Call, id: string): Promise<JsonRead> {
  for (;;) {
    const read = await readRun(call, id);
    if (read.kind !== 'unreadable' || !isPatient(call)) return read;
    await pause(protocol.limits.tornRetryMs);
  }
}
