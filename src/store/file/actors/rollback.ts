import fs from 'fs-extra';
import type { ActorBody } from '../../../../machines/contract.ts';
import { type ForgeState, isForgeState } from '../../../rules/forge-state.ts';
import { type Journal, restoreBytes, restoreRun } from '../../../rules/journal.ts';
import { mergeProgress } from '../../../rules/progress.ts';
import { judgeSource, judgeTarget } from '../../../rules/recovery.ts';
import { syncFolder, uniqueName } from '../files/durable.ts';
import { attempt, changing, osCode } from '../files/io.ts';
import type { JsonRead } from '../files/json-file.ts';
import { replaceFile } from '../files/replace.ts';
import { formatRun, foundRun, readRun } from '../files/run-file.ts';
import { readStateFile } from '../files/state-file.ts';
import type { Call } from '../transfer/call.ts';
import { syncRuns } from '../transfer/complete-transfer.ts';
import { commitJournal, commitRollback, dropJournal } from '../transfer/journal-file.ts';
import { quarantineBytes } from '../transfer/quarantine.ts';
import { currentJournal } from './prepare.ts';

/**
 * Undoes a transfer that was not committed (rule 8; protocol.md, "Transfer"): the target goes only if the source is
 * still the same live run, or stopped matching; where the source is ended or gone, the target is the run and stays.
 *
 * @param call - the call
 */
export const rollback =
  (call: Call): ActorBody<'rollback'> =>
  async () => {
    const journal = currentJournal(call);
    const source = await readRun(call, journal.priorId);
    const target = await readRun(call, journal.currentId);
    const targetState = judgeTarget(journal, foundRun(target));
    const sourceState = judgeSource(journal, foundRun(source));
    if (targetState === 'unreadable' || sourceState === 'unreadable') return { kind: 'left' };
    if (targetState === 'ours') {
      if (sourceState !== 'live' && !call.memory.ineligible) {
        syncRuns(call, journal);
        commitJournal(call, journal);
        return { kind: 'wentForward' };
      }
      await removeTarget(call, journal, source);
      commitRollback(call, journal);
      return { kind: 'rolledBack' };
    }
    dropJournal(call);
    return { kind: 'rolledBack' };
  };

/** Takes the target away, looks at what was taken, and carries back what its runtime had added. */
async function removeTarget(call: Call, journal: Journal, source: JsonRead): Promise<void> {
  const { paths } = call;
  const path = paths.run(journal.currentId);
  const before = readStateFile(path);
  if (before.kind === 'file' && !isAsWritten(journal, before.bytes))
    await keepProgress(call, journal, source, before.bytes);
  call.lease.verify();
  const away = uniqueName(paths.temp, 'target');
  changing('take the target away', () => {
    try {
      fs.renameSync(path, away);
    } catch (error) {
      if (osCode(error) !== 'EXDEV') throw error;
      fs.unlinkSync(path);
    }
  });
  syncFolder(paths.session(journal.currentId));
  const taken = readStateFile(away);
  const late = taken.kind === 'file' && before.kind === 'file' && !taken.bytes.equals(before.bytes);
  if (late) await keepProgress(call, journal, await readRun(call, journal.priorId), taken.bytes);
  attempt(() => fs.unlinkSync(away));
}

const isAsWritten = (journal: Journal, bytes: Buffer): boolean => bytes.equals(restoreBytes(journal.target.after));

async function keepProgress(call: Call, journal: Journal, source: JsonRead, bytes: Buffer): Promise<void> {
  quarantineBytes(call, journal.transferId, 'target.json', bytes);
  const written = restoreRun(journal.target.after);
  const moved = attempt(() => JSON.parse(bytes.toString('utf8')) as unknown);
  if (source.kind !== 'json' || written === undefined || !isForgeState(moved) || !isForgeState(source.value)) return;
  const merged: ForgeState = mergeProgress(written, moved, source.value);
  if (merged === source.value) return;
  await replaceFile(call.paths.run(journal.priorId), source.file, formatRun(merged), call.replaceScope);
}
