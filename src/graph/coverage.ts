import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type ChartTransition, readChart } from './chart.ts';
import { leafFinder } from './dot.ts';
import type { ResumePath } from './paths.ts';

/** How much of one kind of thing some paths cover. */
export interface Share {
  /** How many of them some path has. */
  readonly covered: number;
  /** How many there are. */
  readonly total: number;
  /** What is not covered, in document order. */
  readonly missing: readonly string[];
}

/** What paths cover of the chart. */
export interface GraphCoverage {
  /** States in which the machine can rest. */
  readonly states: Share;
  /** Ways from one state to the next, each with its guard. */
  readonly transitions: Share;
  /** Every guard at every place where it is asked, true and false. */
  readonly guardOutcomes: Share;
  /** Every two transitions of which the second starts where the first ends. */
  readonly transitionPairs: Share;
}

/**
 * Measures paths against the production machine's chart.
 *
 * @param paths - any paths, such as those that were run
 * @example graphCoverage(resumePaths()).transitions // { covered: 88, total: 88, missing: [] }
 */
export function graphCoverage(paths: readonly ResumePath[]): GraphCoverage {
  const chart = readChart(forgeSessionResumeMachine);
  const leaf = leafFinder(chart);
  const taken = new Set<string>();
  const pairs = new Set<string>();
  for (const { steps } of paths) {
    steps.forEach(({ transition }, index) => {
      taken.add(transition);
      pairs.add(pairName(steps[index - 1]?.transition ?? '', transition));
    });
  }
  const parents = new Map(chart.states.map(({ name, parent }) => [name, parent]));
  const ancestry = (name: string): string[] => (name === '' ? [] : [name, ...ancestry(parents.get(name) ?? '')]);
  const followers = ({ to }: ChartTransition): ChartTransition[] => {
    const active = ancestry(leaf(to));
    return chart.transitions.filter(({ from }) => active.includes(from));
  };
  return {
    states: share(
      chart.states.filter(({ kind }) => kind !== 'compound').map(({ name }) => name),
      new Set(paths.flatMap(({ states }) => states)),
    ),
    transitions: share(
      chart.transitions.map(({ id }) => id),
      taken,
    ),
    guardOutcomes: share(
      [...new Set(chart.transitions.flatMap(guardsAsked))],
      new Set(chart.transitions.filter(({ id }) => taken.has(id)).flatMap(guardsAnswered)),
    ),
    transitionPairs: share(
      chart.transitions.flatMap((first) => followers(first).map((second) => pairName(first.id, second.id))),
      pairs,
    ),
  };
}

const pairName = (first: string, second: string): string => `${first} > ${second}`;
const asked = ({ from, on }: ChartTransition, guard: string): string => `${from}: ${on.of} ${on.kind} [${guard}]`;

const guardsAsked = (transition: ChartTransition): string[] =>
  transition.guard === '' ? [] : [true, false].map((answer) => `${asked(transition, transition.guard)} ${answer}`);

/** A transition is taken because those before it were refused and its own guard agreed. */
const guardsAnswered = (transition: ChartTransition): string[] => [
  ...transition.after.map((guard) => `${asked(transition, guard)} false`),
  ...(transition.guard === '' ? [] : [`${asked(transition, transition.guard)} true`]),
];

function share(all: readonly string[], covered: ReadonlySet<string>): Share {
  const missing = all.filter((name) => !covered.has(name));
  return { covered: all.length - missing.length, total: all.length, missing };
}
