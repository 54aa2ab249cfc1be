import { type ForgeState, isForgeState } from './forge-state.ts';
import { type OwnerFacts, without } from './ownership.ts';
import { protocol } from './protocol.ts';
import { planTransfer, type TransferPlan } from './transfer-plan.ts';

const { fields } = protocol;
/** What a run keeps of the session and the conversation that it is in. */
const bonds = [fields.ownerCodexSession, fields.ownerCodexThread, fields.pane, fields.paneSetAt] as const;

/**
 * Whether parsed content is an active run, whoever owns it: what a person named is not asked for its owner.
 *
 * @param value - what `JSON.parse` returned
 */
export function isActiveRun(value: unknown): value is ForgeState {
  return isForgeState(value) && value[fields.active] === true;
}

/**
 * Plans the transfer of a run that a person named (src/rules/README.md#rule-7-transfer): where only a thread is known of
 * the caller, the run becomes that thread's, for no rule would let it have the run otherwise.
 *
 * @param source - the named run as read
 * @param facts - what the call knows
 */
export function planAdoption(source: ForgeState, facts: OwnerFacts): TransferPlan {
  const plan = planTransfer(source, facts);
  const { sessionId, threadId } = facts.identity;
  if (sessionId !== '' || threadId === '') return plan;
  const target = { ...without(plan.target, [fields.ownerCodexSession]), [fields.ownerCodexThread]: threadId };
  return { ...plan, target };
}

/**
 * Plans the transfer of a run back to a session that it was taken from: it belongs again to whom it belonged there, in the
 * pane that it had.
 *
 * @param source - the run as read where it is
 * @param home - the run that was ended in that session; undefined where it is gone: then the owner stays
 * @param facts - what the call knows; its ids and its pane are those of whoever asks, and do not matter
 */
export function planReturn(source: ForgeState, home: ForgeState | undefined, facts: OwnerFacts): TransferPlan {
  const plan = planTransfer(source, {
    currentId: facts.currentId,
    identity: { sessionId: '', threadId: '' },
    pane: '',
    get now() {
      return facts.now;
    },
  });
  if (home === undefined) return plan;
  const target: Record<string, unknown> = { ...without(plan.target, bonds) };
  for (const name of bonds) if (Object.hasOwn(home, name)) target[name] = home[name];
  return { ...plan, target };
}
