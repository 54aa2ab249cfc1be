import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { judgeTarget } from '../../../rules/recovery.ts';
import { sights } from '../../../rules/trail.ts';
import { type Call, currentTransfer } from '../transfer/call.ts';
import { endRun } from '../transfer/end-run.ts';
import { foundRun, readRun } from '../transfer/run-file.ts';

/**
 * Ends the run in the prior session (src/rules/README.md#rule-7-transfer; src/store/file/README.md#transfer, step 5).
 * The rename is the commit point: what fails after it is no error of this call. A source that is gone leaves nothing to
 * end: the target is the run.
 *
 * @param call - the call
 */
export const writeSource =
  (call: Call): ActorBody<'writeSource'> =>
  async () => {
    call.checkAbort();
    // Who takes the lock from us settles what we began: then nothing here is as we left it.
    call.lease.verify();
    const transfer = currentTransfer(call);
    const { source: id, target, at, transferId } = transfer.journal;
    if (judgeTarget(transfer.journal, foundRun(await readRun(call, target))) !== 'ours') {
      throw new ForgeResumeError(
        'SOURCE_BUSY',
        `${call.paths.run(target)} was taken away while the run was handed over`,
      );
    }
    const read = await readRun(call, id);
    if (read.kind === 'absent') {
      transfer.ended = { seen: sights.absent };
      return { kind: 'written' };
    }
    if (read.kind !== 'json' || !read.file.bytes.equals(transfer.source.file.bytes)) return { kind: 'changed' };
    const ended = await endRun(call, { id, read, keeper: { id: target, known: transfer.target }, at, transferId });
    if (ended === 'changed') return { kind: 'changed' };
    transfer.ended = ended;
    return { kind: 'written' };
  };
