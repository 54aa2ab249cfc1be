/** How the machine ends, as functions of what it remembers: recordings of calls that a look answers use them as well. */
import type { MachineContext } from './context.ts';
import type { LookAnswer, LookOutput, MachineOutput } from './contract.ts';
import { isTransfer, namesTarget } from './guards.ts';

/** What is remembered of a look. */
export const notedLook = (output: LookOutput) => ({
  answer: output.kind === 'doubtful' ? null : output.answer,
  pane: output.kind === 'answered' ? null : output.pane,
});

/** The decision that a look's answer is. */
export const decidedAsLooked = ({ reason, current }: LookAnswer) => ({
  reason,
  current,
  target: namesTarget(reason) ? current : null,
});

/** What the machine ends with. */
export const outputOfContext = (context: MachineContext): MachineOutput => ({
  reason: context.reason,
  currentId: context.current?.id ?? '',
  updatedOwner: context.updatedOwner,
  source: isTransfer(context.reason) ? context.source : null,
  target: context.target,
  recovered: context.recovered,
  ...(context.owner === null ? {} : { owner: context.owner }),
  ...(context.ended.length === 0 ? {} : { ended: context.ended }),
  failure: context.failure,
});
