import { messageOf } from '../errors.ts';
import { outcomeText } from '../graph/outcome-events.ts';
import type { ResumePath } from '../graph/paths.ts';
import type { ActorError, MachineEnd } from './run-machine.ts';

/**
 * A run that did not go as its path says; the message shows both, side by side. `cause` is what an actor of the store
 * threw last, if one did.
 */
export class PathMismatch extends Error {
  /** Tells it apart where two copies of the package are loaded. */
  override readonly name = 'PathMismatch';
  /** What is wrong, one sentence each; the first is about the states where those differ. */
  readonly problems: readonly string[];
  /** Number of the first state that differs, from 0; -1 where all are as they must be. */
  readonly step: number;

  /**
   * @param path - what was expected
   * @param states - the states that were visited
   * @param end - how the run ended
   * @param problems - what else is wrong
   */
  constructor(path: ResumePath, states: readonly string[], end: MachineEnd, problems: readonly string[]) {
    const length = Math.max(path.states.length, states.length);
    const step =
      Array.from({ length }, (_, index) => index).find((index) => path.states[index] !== states[index]) ?? -1;
    const all = [
      ...(step === -1 ? [] : [describeStep(path, states, step)]),
      ...(end.thrown === undefined ? [] : [describeError(end.thrown)]),
      ...problems,
    ];
    super(
      [
        `${path.id} (${path.description})`,
        ...all.map((problem) => `- ${problem}`),
        ...sideBySide(path, states, step),
        `the path ends with ${JSON.stringify(path.expected)}, the run with ${describeEnd(end)}`,
      ].join('\n'),
      end.thrown === undefined ? {} : { cause: end.thrown.error },
    );
    this.problems = all;
    this.step = step;
  }
}

function describeStep(path: ResumePath, states: readonly string[], step: number): string {
  const outcome = path.steps[step - 1]?.outcome;
  const after = outcome === undefined ? 'at the start' : `after "${outcomeText(outcome)}"`;
  return `state ${step} ${after}: expected ${path.states[step] ?? 'the end'}, got ${states[step] ?? 'the end'}`;
}

/**
 * Says whose error it was.
 *
 * @param thrown - the error of an actor
 */
export const describeError = ({ actor, error }: ActorError): string => `the actor ${actor} threw: ${messageOf(error)}`;

function sideBySide(path: ResumePath, states: readonly string[], step: number): string[] {
  const length = Math.max(path.states.length, states.length);
  const width = Math.max('expected'.length, ...path.states.map((name) => name.length));
  const row = (mark: string, left: string, right: string): string =>
    `${mark} ${left.padEnd(width)}  ${right}`.trimEnd();
  const rows = Array.from({ length }, (_, index) =>
    row(index === step ? '>' : ' ', path.states[index] ?? '', states[index] ?? ''),
  );
  return [row(' ', 'expected', 'got'), ...rows];
}

function describeEnd(end: MachineEnd): string {
  if (end.kind === 'stopped') return end.why;
  const { failure, reason } = end.output;
  return JSON.stringify(failure === null ? { kind: 'result', reason } : { kind: 'error', ...failure });
}
