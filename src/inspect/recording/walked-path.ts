import { hookNames } from '../../../machines/guards.ts';
import type { Outcome } from '../../graph/outcome-events.ts';
import { type PathStep, type ResumePath, resumePaths } from '../../graph/paths.ts';
import { isTerminalPhase } from '../../rules/forge-state.ts';
import type { Recording, StepRecord } from './format.ts';

/** The generated path that a call walked. */
export interface WalkedPath {
  /** Its number, counted from 1, as in "path 147 of 312". */
  readonly number: number;
  /** How many paths there are. */
  readonly total: number;
  readonly path: ResumePath;
  /** How many rounds of two steps, as those of waiting for the lock, the call took more than the path. */
  readonly rounds: number;
}

/**
 * Finds the generated path that a call walked: the same transitions in the same order, and of several such paths the
 * one whose answers are most like the recorded ones. Steps that are taken again and again count once, and a hook that was
 * done not at all; where no path goes so, neither do turns of waiting for the lock.
 *
 * @param recording - as `readRecording` gives it
 * @returns undefined where no generated path goes so, or the recording was cut off
 */
export function walkedPath(recording: Recording): WalkedPath | undefined {
  const { header, records } = recording;
  if (!records.some(({ kind }) => kind === 'end')) return undefined;
  const steps = records.filter((record): record is StepRecord => record.kind === 'step' && record.from !== null);
  const way = wayOf(steps);
  const path = bestMatch(header.input, way) ?? bestMatch(header.input, way.filter(isNoWaiting));
  if (path === undefined) return undefined;
  const all = resumePaths();
  const rounds = (withoutHooks(steps).length - withoutHooks(path.steps).length) / 2;
  return { number: all.indexOf(path) + 1, total: all.length, path, rounds };
}

interface Named {
  readonly transition: string | null;
}

/** The way to a hook counts as the way that is taken without: paths do not have every hook beside every answer. */
const nameOfStep = ({ transition }: Named): string =>
  (transition ?? '').replace('[lockHeldForHook]', '[lockHeld]').replace(/ \[\w+HookGiven\]$/, '');
const withoutHooks = <Step extends Named>(steps: readonly Step[]): readonly Step[] =>
  steps.filter(({ transition }) => !hookNames.some((name) => transition?.endsWith(`: ${name} done`)));
const wayOf = <Step extends Named>(steps: readonly Step[]): readonly Step[] =>
  withoutRounds(withoutHooks(steps), nameOfStep);
const isNoWaiting = ({ from, to }: StepRecord): boolean => !`${from}\n${to}`.includes('Lock.wait');
const isBlank = ({ payloadSessionId, payloadThreadId }: ResumePath['input']): boolean =>
  payloadSessionId === '' && payloadThreadId === '';

/** What a person or a policy asked for, but for the sessions' names and limits. */
const wishOf = ({ command, policies = {}, hooks = [] }: ResumePath['input']): string =>
  `${command?.kind} ${command?.fromLive === true} ${command?.plan !== undefined} ${Object.keys(policies).sort().join()} ${hooks.join()}`;

function bestMatch(input: ResumePath['input'], way: readonly StepRecord[]): ResumePath | undefined {
  const wanted = keyOfWay(way);
  const rank = (path: ResumePath): number =>
    likeness(wayOf(path.steps), way) +
    (isBlank(path.input) === isBlank(input) ? 1 : 0) +
    // What was asked for tells more than any answer.
    (wishOf(path.input) === wishOf(input) ? path.steps.length : 0);
  const [best] = resumePaths()
    .filter((path) => keyOf(path) === wanted)
    .map((path) => ({ path, rank: rank(path) }))
    .sort((a, b) => b.rank - a.rank);
  return best?.path;
}

const keyOfWay = (way: readonly Named[]): string => way.map(nameOfStep).join('\n');
const keys = new WeakMap<ResumePath, string>();

function keyOf(path: ResumePath): string {
  const key = keys.get(path) ?? keyOfWay(wayOf(path.steps));
  keys.set(path, key);
  return key;
}

/** A way on which two steps that are taken again right away are taken once. */
function withoutRounds<Step>(steps: readonly Step[], nameOf: (step: Step) => string): Step[] {
  const way: Step[] = [];
  for (const step of steps) {
    way.push(step);
    const [d, c, b, a] = [way.at(-1), way.at(-2), way.at(-3), way.at(-4)].map((one) => one && nameOf(one));
    if (a !== undefined && a === c && b === d) way.length -= 2;
  }
  return way;
}

/** How many answers two ways share. */
function likeness(path: readonly PathStep[], way: readonly StepRecord[]): number {
  return path.filter((step, index) => isLike(step.outcome, way[index])).length;
}

function isLike(outcome: Outcome, step: StepRecord | undefined): boolean {
  if (outcome.kind === 'delay' || step === undefined) return true;
  if (outcome.kind === 'failure') return step.code === outcome.code;
  return step.code === undefined && shapeOf(step.output) === shapeOf(outcome.output);
}

/** What a machine and a reader can tell of an answer: its kinds, reasons, outcomes and phases, not its ids. */
function shapeOf(value: unknown): string {
  const told = new Set(['kind', 'reason', 'outcome', 'companions', 'foreign']);
  return JSON.stringify(value, (key, item: unknown) => {
    if (key === 'phase') return typeof item === 'string' && isTerminalPhase(item);
    if (key === 'pane') return item === null ? null : item === '' ? '' : 'pane';
    return key === '' || told.has(key) || typeof item === 'object' ? item : undefined;
  });
}
