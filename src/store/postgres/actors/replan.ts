import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { isLive } from '../../../rules/forge-state.ts';
import { type PostgresCall, underWay } from '../call.ts';
import { mayTake, planTexts } from '../rows/plan-texts.ts';
import { readRun, replaceRun } from '../rows/run-row.ts';

/** How often a transfer is planned. */
const plans = 3;

/**
 * Makes the target anew from what the source is now.
 *
 * @param call - the call
 */
export const replan =
  (call: PostgresCall): ActorBody<'replan'> =>
  async (input) => {
    const { connection, project } = call.lease;
    const transfer = underWay(call);
    const { handle } = transfer;
    const source = await readRun(connection, project, handle.source.id);
    const isEligible = source !== undefined && mayTake(source.value, input) && isLive(source.value);
    // Another epoch: it was handed over and back since.
    if (!isEligible || source.epoch !== transfer.source.epoch) return { kind: 'ineligible' };
    if (transfer.plans >= plans) {
      throw new ForgeResumeError('SOURCE_BUSY', `the run in ${handle.source.location} keeps changing`);
    }
    const texts = planTexts(call, source.value, input, handle.target.id, input.pane);
    const target = await readRun(connection, project, handle.target.id);
    const written = { text: texts.target, turnMs: source.turnMs };
    if (target === undefined || !(await replaceRun(connection, project, target, written))) {
      throw new ForgeResumeError('SOURCE_BUSY', `the run in ${handle.target.location} was changed`);
    }
    call.memory.transfer = { ...transfer, source, ...texts, plans: transfer.plans + 1 };
    return { kind: 'replanned', transfer: handle };
  };
