import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fs from 'fs-extra';
import type { ActorBody, Recovery } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { isForgeState, isLive } from '../../../rules/forge-state.ts';
import type { Journal } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { judgeSource, judgeTarget, type RecoveryAction, recoveryAction } from '../../../rules/recovery.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { removeTree } from '../files/durable.ts';
import { attempt } from '../files/io.ts';
import { type JsonRead, readJson, readJsonOnce } from '../files/json-file.ts';
import { monotonicMs } from '../files/monotonic.ts';
import { foundRun, isLinkedSession, readRun } from '../files/run-file.ts';
import type { Call } from '../transfer/call.ts';
import { completeTransfer, restoreTarget, syncRuns } from '../transfer/complete-transfer.ts';
import { settleCopy } from '../transfer/copies.ts';
import { commitJournal, dropJournal, readJournal } from '../transfer/journal-file.ts';
import { quarantineFile } from '../transfer/quarantine.ts';
import { listReceipts, suspectsOf } from '../transfer/receipts.ts';

/**
 * Settles what earlier calls left: temp files, an unfinished transfer, copies of the current run that came back to
 * life (protocol.md, "Recover"). Runs under every lock, before rule 2.
 *
 * @param call - the call
 */
export const recover =
  (call: Call): ActorBody<'recover'> =>
  async () => {
    call.checkAbort();
    removeLitter(call);
    const recovered: Recovery[] = [];
    const settled = await settleJournal(call);
    if (settled !== undefined) recovered.push(settled);
    const receipts = listReceipts(call);
    // Most state directories have none: then it does not matter here which session is current.
    const currentId = receipts.length === 0 ? undefined : await findCurrentSession(call, readJson);
    for (const id of currentId === undefined ? [] : suspectsOf(call, currentId, receipts)) {
      if (isLinkedSession(call, id)) continue;
      const run = readJsonOnce(call.paths.run(id));
      if (run.kind === 'json' && !(isForgeState(run.value) && isLive(run.value))) continue;
      const copy = await settleCopy(call, id);
      if (copy !== undefined) recovered.push(copy);
    }
    return { kind: 'recovered', recovered };
  };

/**
 * What recovery reads, writes and removes must lie in the state directory itself (rule 10).
 *
 * @returns whether something stands there
 */
function refuseLink(path: string): boolean {
  const stat = attempt(() => fs.lstatSync(path, { throwIfNoEntry: false }));
  if (stat?.isSymbolicLink()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`);
  return stat !== undefined;
}

/** Temp files of calls that were killed; under the lock nobody else's can be there. */
function removeLitter(call: Call): void {
  if (!refuseLink(call.paths.temp)) return;
  const names = attempt(() => fs.readdirSync(call.paths.temp)) ?? [];
  if (names.length > 0) call.lease.verify();
  for (const name of names) attempt(() => removeTree(join(call.paths.temp, name)));
}

async function settleJournal(call: Call): Promise<Recovery | undefined> {
  const read = await readJournal(call.paths.journal);
  if (read.kind === 'none') return undefined;
  refuseLink(call.paths.sessions);
  refuseLink(call.paths.receipts);
  if (read.kind === 'broken') {
    call.lease.verify();
    quarantineFile(call, 'unknown', call.paths.journal);
    return { transferId: 'unknown', outcome: 'quarantined' };
  }
  const { journal } = read;
  const { transferId } = journal;
  const receipt = await readJournal(call.paths.receipt(transferId));
  if (receipt.kind === 'journal') {
    dropJournal(call);
    return { transferId, outcome: 'finished' };
  }
  const { target, source } = await readBoth(call, journal);
  const action = recoveryAction(judgeTarget(journal, foundRun(target)), judgeSource(journal, foundRun(source)));
  return { transferId, outcome: await act(call, journal, action) };
}

/** Reads both runs; one that cannot be read gets a moment to become readable. */
async function readBoth(call: Call, journal: Journal): Promise<{ target: JsonRead; source: JsonRead }> {
  const until = monotonicMs() + protocol.limits.recoveryReadMs;
  for (;;) {
    const target = await readRun(call, journal.currentId);
    const source = await readRun(call, journal.priorId);
    const readable = target.kind !== 'unreadable' && source.kind !== 'unreadable';
    if (readable || monotonicMs() >= until) return { target, source };
    await pause(protocol.limits.tornRetryMs);
  }
}

async function act(call: Call, journal: Journal, action: RecoveryAction): Promise<Recovery['outcome']> {
  switch (action) {
    case 'drop':
      dropJournal(call);
      return 'dropped';
    case 'restore':
      if (!restoreTarget(call, journal)) return kept(call);
      syncRuns(call, journal);
      commitJournal(call, journal);
      return 'restored';
    case 'complete':
      if (!(await completeTransfer(call, journal))) return kept(call);
      commitJournal(call, journal);
      return 'completed';
    case 'finish':
      syncRuns(call, journal);
      commitJournal(call, journal);
      return 'finished';
    case 'quarantine':
      call.lease.verify();
      quarantineFile(call, journal.transferId, call.paths.journal);
      return 'quarantined';
    case 'keep':
      return kept(call);
  }
}

function kept(call: Call): 'kept' {
  call.memory.journalKept = true;
  return 'kept';
}
