import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import type { ForgeState } from '../../../rules/forge-state.ts';
import { judgeTarget } from '../../../rules/recovery.ts';
import { endAsTransferred } from '../../../rules/transfer-plan.ts';
import { replaceFile } from '../files/replace.ts';
import { carryOver, formatRun, foundRun, readRun } from '../files/run-file.ts';
import type { Call } from '../transfer/call.ts';
import { quarantineBytes } from '../transfer/quarantine.ts';
import { currentJournal } from './prepare.ts';

/**
 * Ends the run in the prior session (rule 7; protocol.md, "Transfer", step 4). The rename is the commit point: what
 * fails after it is no error of this call.
 *
 * @param call - the call
 */
export const writeSource =
  (call: Call): ActorBody<'writeSource'> =>
  async () => {
    call.checkAbort();
    const journal = currentJournal(call);
    const { sourceRead } = call.memory;
    if (sourceRead === undefined) throw new Error('no transfer is planned');
    const targetPath = call.paths.run(journal.currentId);
    if (judgeTarget(journal, foundRun(await readRun(call, journal.currentId))) !== 'ours') {
      throw new ForgeResumeError('SOURCE_BUSY', 'the run was taken from the current session while it was handed over');
    }
    const state = sourceRead.value as ForgeState;
    const replaced = await replaceFile(
      call.paths.run(journal.priorId),
      sourceRead.file,
      formatRun(endAsTransferred(state, call.now)),
      call.replaceScope,
    );
    if (replaced.kind === 'changed') return { kind: 'changed' };
    call.memory.commitHeldBack = replaced.syncError !== undefined;
    if (replaced.late !== undefined) await keepLate(call, journal.transferId, targetPath, state, replaced.late);
    return { kind: 'written' };
  };

async function keepLate(call: Call, transferId: string, path: string, base: ForgeState, late: Buffer): Promise<void> {
  const carried = await carryOver(call, path, base, late).catch(() => false);
  if (carried) return;
  try {
    quarantineBytes(call, transferId, 'late-source.json', late);
  } catch {
    // After the commit point nothing may fail the call.
  }
}
