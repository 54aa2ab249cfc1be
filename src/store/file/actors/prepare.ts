import type { ActorBody, Command, MachineInput, TransferHandle } from '../../../../machines/contract.ts';
import { type ForgeState, isLive, startOf } from '../../../rules/forge-state.ts';
import { type Journal, journalVersion, runIn, storeBytes } from '../../../rules/journal.ts';
import { isActiveRun, planAdoption, planReturn } from '../../../rules/named-transfer.ts';
import { isActiveMatch, type OwnerFacts } from '../../../rules/ownership.ts';
import { makeTransferId } from '../../../rules/transfer-id.ts';
import { planTransfer, type TransferPlan } from '../../../rules/transfer-plan.ts';
import { identityOfInput, ownerFacts, runHandle } from '../files/call-facts.ts';
import { sha256 } from '../files/sha256.ts';
import type { FileContent } from '../files/state-file.ts';
import type { Call } from '../transfer/call.ts';
import { planCompanions } from '../transfer/companions.ts';
import { createJournal } from '../transfer/journal-file.ts';
import { formatRun, readRun } from '../transfer/run-file.ts';

/**
 * Plans the transfer and writes its journal, durably (src/store/file/README.md#transfer, step 1). The source is read
 * again, through its folder's descriptor, since a scan goes by paths.
 *
 * @param call - the call
 */
export const prepare =
  (call: Call): ActorBody<'prepare'> =>
  async (input) => {
    call.checkAbort();
    const blocked = call.memory.blocked.get(input.source.id);
    if (blocked !== undefined) throw blocked;
    const identity = identityOfInput(input);
    const source = await readRun(call, input.source.id);
    const isEligible = source.kind === 'json' && mayTake(source.value, input) && isLive(source.value);
    if (!isEligible) return { kind: 'changed' };
    const state: ForgeState = source.value as ForgeState;
    const { home } = call.memory;
    const { command } = input;
    const plan = planFor(command?.kind, state, home, ownerFacts(call, input.current.id, identity, input.pane));
    // Refused before anything is written: the ended run must be writable, too.
    formatRun(plan.source, call.paths.run(input.source.id));
    const target = formatRun(plan.target, call.paths.run(input.current.id));
    const companions = planCompanions(call, input.source.id, input.current.id);
    const journal: Journal = {
      version: journalVersion,
      transferId: makeTransferId(call.nowMs, Math.random()),
      source: input.source.id,
      target: input.current.id,
      at: call.now,
      ...(command === undefined || command.kind === 'end' ? {} : { command: command.kind }),
      startedAt: startOf(state),
      sourceBefore: sha256(source.file.bytes),
      targetBefore: home === undefined ? null : storeBytes(home.bytes),
      targetAfter: storeBytes(target),
      companions: companions.map(({ name, sha256: hash }) => ({ name, sha256: hash })),
    };
    createJournal(call, journal);
    const mode = Number(source.file.stat.mode) & 0o777;
    call.memory.transfer = { journal, source, target, companions, mode, plans: 1, ineligible: false };
    return { kind: 'prepared', transfer: transferHandle(call, journal), companions: companions.length > 0 };
  };

/**
 * Whether a run may be taken: by rule 6 (src/rules/README.md#rule-6-candidates) but for its phase, or because a person
 * named it.
 */
export function mayTake(value: unknown, input: MachineInput): value is ForgeState {
  return input.command === undefined ? isActiveMatch(value, identityOfInput(input)) : isActiveRun(value);
}

function planFor(
  command: Command['kind'] | undefined,
  state: ForgeState,
  home: FileContent | undefined,
  facts: OwnerFacts,
): TransferPlan {
  if (command === undefined) return planTransfer(state, facts);
  return command === 'undo' ? planReturn(state, home && runIn(home.bytes), facts) : planAdoption(state, facts);
}

/** The handle of a journal's transfer. */
export function transferHandle(call: Call, journal: Journal): TransferHandle {
  return {
    id: journal.transferId,
    source: runHandle(call.paths, journal.source),
    target: runHandle(call.paths, journal.target),
  };
}
