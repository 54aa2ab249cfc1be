import type { AnyEventObject } from 'xstate';
import type { MachineInput, MachineOutput } from '../../machines/contract.ts';
import { hookNames } from '../../machines/guards.ts';
import { commandReasons, type Reason } from '../rules/protocol.ts';
import { outcomes } from './alphabet/outcomes.ts';
import { sampleIds } from './alphabet/samples.ts';
import { type Outcome, outcomeText } from './outcome-events.ts';
import { exploreGraph, simpleWays } from './path-graph.ts';
import { findRoutes } from './routes.ts';
import { stateName } from './state-name.ts';
import { makeWalk, type WalkStep } from './walk.ts';

/** One step of a path: something happens, and the machine is in another state. */
export interface PathStep {
  /** The state that the machine was in, a dotted path such as `locked.transfer.prepare`. */
  readonly from: string;
  /** What happened: an actor answered or failed, or a delay ran out. */
  readonly outcome: Outcome;
  /** Id of the transition, as `forge-resume graph --format json` has it. */
  readonly transition: string;
  /** The state that it is in then. */
  readonly to: string;
}

/** How a path ends: with a decision, or with the failure of an actor. */
export type PathEnd =
  | { readonly kind: 'result'; readonly reason: Reason }
  | { readonly kind: 'error'; readonly actor: string; readonly code: string };

/** A way through the production machine from its start to an end. */
export interface ResumePath {
  /** Short, stable as long as the machine is: `p1`, `p2`, in order. */
  readonly id: string;
  /** The outcomes that are not a matter of course, and the end. */
  readonly description: string;
  /** What the machine is given. */
  readonly input: MachineInput;
  /** What happens, in order; each begins where the one before ends. */
  readonly steps: readonly PathStep[];
  /** Names of the states that are visited, the first one included. */
  readonly states: readonly string[];
  /** The events by which the machine hears of the outcomes. */
  readonly events: readonly AnyEventObject[];
  /** What must come of a run that takes the path. */
  readonly expected: PathEnd;
  /** What the machine ends with, in the words of the samples. */
  readonly output: MachineOutput;
}

/** Which paths are wanted; all by default. */
export interface PathOptions {
  /** Only paths that end so: a final state (`done`, `failed`, `timedOut`), a reason, or an error code. */
  readonly to?: string;
  /** Only paths that visit this state, take this transition, or have this outcome (`writeTarget: taken`). */
  readonly through?: string;
  /** Only paths for which this holds. */
  readonly filter?: (path: ResumePath) => boolean;
}

const ids = { payloadSessionId: 's1', payloadThreadId: 't1' } as const;
const { source } = sampleIds;
const adopt: MachineInput = { ...ids, command: { kind: 'adopt', source } };
/** Every simple path of these. */
const inputs: readonly MachineInput[] = [
  ids,
  { payloadSessionId: '', payloadThreadId: '' },
  adopt,
  { ...ids, command: { kind: 'end', session: source } },
];
/** Every policy that changes what a call may hear. */
const watchful: MachineInput = {
  ...ids,
  policies: { staleAfter: 3_600_000, requireDeadOwner: true, refuseForeignOwner: true },
};
/** Of these only what no simple path of those has. */
const variants: readonly MachineInput[] = [
  { ...ids, command: { kind: 'adopt', source, fromLive: true } },
  { ...ids, command: { kind: 'adopt', source, plan: 'of another time' } },
  { ...ids, command: { kind: 'end', session: source, plan: 'of another time' } },
];
/** Of these only what the hooks add. */
const hooked: readonly MachineInput[] = [
  { ...ids, hooks: hookNames },
  { ...ids, command: { kind: 'end', session: source }, hooks: hookNames },
];
/** Of these only what no path before has, so that those stay as they are; the second changes what guards make of an answer. */
const policed: readonly MachineInput[] = [watchful, { ...ids, policies: { allowedSessions: [source] } }];
/** The same chart, but a store has to do something else: the hand-overs of `adopt`, in the same words. */
const undo: MachineInput = { ...ids, command: { kind: 'undo', session: source } };

/**
 * Paths through the production machine, each from its start to an end. First every simple path: no state twice, one
 * outcome for each transition; then, where no simple path has them, the shortest path for each pair of transitions
 * that can follow each other (loops, a lock lost and regained), and for each outcome of the alphabet by each transition.
 * A call without ids, one with a command, and one with hooks, adds only what none before it does.
 *
 * @param options - which paths; all by default
 * @returns the paths, always in the same order
 * @example resumePaths({ to: 'resumed_same_codex_session', through: 'writeSource: changed' })
 */
export function resumePaths(options: PathOptions = {}): readonly ResumePath[] {
  allPaths ??= generate();
  const { to, through, filter = () => true } = options;
  return allPaths.filter(
    (path) =>
      (to === undefined || endsIn(path, to)) && (through === undefined || passes(path, through)) && filter(path),
  );
}

let allPaths: readonly ResumePath[] | undefined;

/**
 * Whether a path ends in a final state, with a reason, or with an error code.
 *
 * @param path - the path
 * @param end - the name of any of these
 */
export function endsIn({ states, expected }: ResumePath, end: string): boolean {
  return states.at(-1) === end || end === (expected.kind === 'result' ? expected.reason : expected.code);
}

function passes({ states, steps }: ResumePath, through: string): boolean {
  return (
    states.includes(through) ||
    steps.some((step) => step.transition === through || outcomeText(step.outcome) === through)
  );
}

function generate(): readonly ResumePath[] {
  const walk = makeWalk();
  const seen = { transitions: new Set<string>(), pairs: new Set<string>(), outcomes: new Set<string>() };
  const paths: ResumePath[] = [];
  const take = (input: MachineInput, steps: readonly WalkStep[]): void => {
    paths.push(makePath(`p${paths.length + 1}`, input, steps));
    steps.forEach((step, index) => {
      seen.transitions.add(step.transition);
      seen.pairs.add(pair(steps[index - 1]?.transition, step.transition));
      seen.outcomes.add(`${step.transition} ${outcomeText(step.outcome)}`);
    });
  };
  for (const input of inputs) {
    const ways = simpleWays(input).map((events) => walk(input, events));
    const known = new Set(seen.transitions);
    for (const way of ways) if (way.some(({ transition }) => !known.has(transition))) take(input, way);
  }
  for (const { input, steps, events, expected } of [...paths]) {
    if (input !== adopt || expected.kind === 'error' || expected.reason !== commandReasons.adopted) continue;
    take(
      undo,
      walk(
        undo,
        events.map((event, index) => ({ event, outcome: steps[index]?.outcome as Outcome })),
      ),
    );
  }
  for (const input of [...inputs, ...variants, undo, ...hooked, ...policed]) {
    const graph = exploreGraph(input);
    const routes = findRoutes(graph);
    for (const edge of routes.edges) {
      for (const next of graph.edges.get(edge.to) ?? []) {
        if (seen.pairs.has(pair(edge.transition, next.transition))) continue;
        take(input, walk(input, routes.through(edge, next)));
      }
    }
    for (const edge of routes.edges) {
      if (seen.outcomes.has(`${edge.transition} ${outcomeText(edge.outcome)}`)) continue;
      take(input, walk(input, routes.through(edge)));
    }
  }
  return paths;
}

const pair = (first: string | undefined, second: string): string => `${first ?? ''} > ${second}`;

function makePath(id: string, input: MachineInput, walked: readonly WalkStep[]): ResumePath {
  const steps = walked.map(
    ({ before, outcome, transition, after }): PathStep => ({
      from: stateName(before),
      outcome,
      transition,
      to: stateName(after),
    }),
  );
  const end = walked.at(-1)?.after;
  if (end?.status !== 'done') throw new Error(`${id} does not end`);
  const output: MachineOutput = end.output;
  const expected = endOf(output);
  const said = steps.map(({ outcome }) => outcome).filter((outcome) => !isMatterOfCourse(outcome));
  const words = [...wishes(input), ...said.map(outcomeText)];
  const description = `${words.join(', ')} => ${expected.kind === 'result' ? expected.reason : `error ${expected.code}`}`;
  const events = walked.map(({ event }) => event);
  const states = [...steps.map(({ from }) => from), steps.at(-1)?.to ?? ''];
  return { id, description, input, steps, states, events, expected, output };
}

/** What a caller lacks or wants, in words. */
function wishes({ payloadSessionId, command, policies, hooks }: MachineInput): string[] {
  return [
    ...(payloadSessionId === '' ? ['no ids'] : []),
    ...(command === undefined ? [] : [command.kind]),
    ...(command?.fromLive === true ? ['from live'] : []),
    ...(command?.plan === undefined ? [] : ['with a plan']),
    ...(policies?.requireDeadOwner === true ? ['with policies'] : []),
    ...(policies?.allowedSessions === undefined ? [] : ['of one session alone']),
    ...(hooks === undefined ? [] : ['with hooks']),
  ];
}

function endOf({ failure, reason }: MachineOutput): PathEnd {
  if (failure !== null) return { kind: 'error', ...failure };
  if (reason === null) throw new Error('a path ends without a decision');
  return { kind: 'result', reason };
}

/** An actor's only or usual answer goes without saying. */
function isMatterOfCourse(outcome: Outcome): boolean {
  if (outcome.kind !== 'answer') return false;
  const [first, ...others] = Object.values(outcomes[outcome.actor].outputs).flat();
  const usual = ['held', 'nothing', 'replanned', 'doubtful', 'named', 'ended'];
  return others.length === 0 ? first?.name === outcome.name : usual.includes(outcome.name);
}
