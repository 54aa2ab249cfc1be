import { identity, initialContext, type MachineContext } from '../../../machines/context.ts';
import type { LookOutput, MachineInput } from '../../../machines/contract.ts';
import { decidedAsLooked, notedLook, outputOfContext } from '../../../machines/endings.ts';
import { nothingToWrite } from '../../../machines/guards.ts';
import { changesBetween } from './context-changes.ts';
import type { Draft } from './draft.ts';

/** When a look ended, and how long it took, milliseconds since the call began. */
export interface LookTime {
  readonly t: number;
  readonly duration: number;
}

/** A look that answered its call. */
export interface AnsweredLook {
  readonly input: MachineInput;
  readonly output: Extract<LookOutput, { readonly kind: 'answered' }>;
  readonly look: LookTime;
  /** When the answer was acted on, milliseconds since the call began. */
  readonly heard: number;
  /** When all of that was done, milliseconds since the call began. */
  readonly ended: number;
  /** What is recorded of runs between answer and step. */
  readonly runs: readonly Draft[];
}

/**
 * The records of a call that its look answers, as the machine's own recording has them, made of the machine's own
 * functions: loading the machine and building its states takes longer than such a call. A test runs the machine with
 * every such answer and compares.
 *
 * @param looked - the look
 */
export function lookRecords({ input, output, look, heard, ended, runs }: AnsweredLook): Draft[] {
  const start = initialContext(input);
  const end: MachineContext = { ...start, ...notedLook(output), ...decidedAsLooked(output.answer) };
  const actor = 'look';
  return [
    {
      kind: 'step',
      t: 0,
      event: 'xstate.init',
      actor: null,
      from: null,
      to: 'look',
      transition: null,
      guards: [],
      actions: [],
      changes: changesBetween({}, start),
    },
    { kind: 'actor', t: 0, actor, phase: 'started', input: identity(start) },
    { kind: 'actor', t: look.t, actor, duration: look.duration, phase: 'done', output },
    ...runs,
    {
      kind: 'step',
      t: heard,
      event: 'xstate.done.actor.look',
      actor,
      output,
      from: 'look',
      to: 'done',
      transition: 'look: look done [nothingToWrite]',
      guards: [{ name: 'nothingToWrite', passed: nothingToWrite(output) }],
      actions: ['noteLook', 'decideAsLooked'],
      changes: changesBetween(start, end),
    },
    { kind: 'end', t: ended, reason: end.reason, output: outputOfContext(end) },
  ];
}
