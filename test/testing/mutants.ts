/** The production machine with one thing wrong: a guard flipped, a target swapped, an action dropped. */
import { createMachine } from 'xstate';
import type { MachineScope } from '../../machines/context.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Chart, type ChartTransition, readChart } from '../../src/graph/chart.ts';

/** One change of the machine. */
export interface Mutant {
  /** Says what was changed where; stable as long as the machine is. */
  readonly id: string;
  /** The state in which the change shows. */
  readonly state: string;
  /** The transition that was changed; empty where the state itself was. */
  readonly transition: string;
  readonly machine: ForgeSessionResumeMachine;
}

const negated = (guard: string): string => `not ${guard}`;

type Guard = (scope: MachineScope) => boolean;

const conditions = forgeSessionResumeMachine.implementations.guards as Readonly<Record<string, Guard>>;

/** The guards of the machine, and the opposite of each. */
export const guardsWithNegations: Readonly<Record<string, Guard>> = {
  ...conditions,
  ...Object.fromEntries(
    Object.entries(conditions).map(([name, guard]) => [negated(name), (scope: MachineScope) => !guard(scope)]),
  ),
};

interface TransitionConfig {
  target?: string;
  guard?: unknown;
  actions?: unknown;
}

interface StateConfig {
  states?: Record<string, StateConfig>;
  invoke?: { id: string; onDone?: TransitionConfig[]; onError?: TransitionConfig[] };
  after?: Record<string, TransitionConfig[]>;
  entry?: string[];
}

/** Every mutant, in document order. */
export function* mutants(): Generator<Mutant, void, undefined> {
  const chart = readChart(forgeSessionResumeMachine);
  for (const transition of chart.transitions) {
    for (const { id, change } of changesOf(chart, transition)) {
      const machine = changed((root) => change(configOf(root, transition)));
      yield { id: `${transition.id}: ${id}`, state: transition.from, transition: transition.id, machine };
    }
  }
  for (const { name, entry } of chart.states) {
    for (const action of entry) {
      const machine = changed((root) => {
        stateOf(root, name).entry = entry.filter((other) => other !== action);
      });
      yield { id: `${name}: entry without ${action}`, state: name, transition: '', machine };
    }
  }
}

interface Change {
  readonly id: string;
  readonly change: (config: TransitionConfig) => void;
}

function* changesOf(chart: Chart, { guard, to, from, actions }: ChartTransition): Generator<Change, void, undefined> {
  if (guard !== '') {
    yield {
      id: `not ${guard}`,
      change: (config) => {
        config.guard = negated(guard);
      },
    };
  }
  const target = otherTarget(chart, from, to);
  yield {
    id: `to ${target}`,
    change: (config) => {
      config.target = `#${chart.id}.${target}`;
    },
  };
  for (const action of actions) {
    yield {
      id: `without ${action}`,
      change: (config) => {
        config.actions = actions.filter((other) => other !== action);
      },
    };
  }
}

/** Where the same state leads to otherwise; where it leads nowhere else, the state that follows in the document. */
function otherTarget(chart: Chart, from: string, to: string): string {
  const others = chart.transitions.filter((other) => other.from === from && other.to !== to).map((other) => other.to);
  if (others[0] !== undefined) return others[0];
  const leaves = chart.states.filter(({ kind, name }) => kind !== 'compound' && name !== from);
  const next = leaves.findIndex(({ name }) => name === to) + 1;
  return (leaves[next] ?? leaves[0])?.name ?? '';
}

function changed(change: (root: StateConfig) => void): ForgeSessionResumeMachine {
  const root = copy(forgeSessionResumeMachine.config) as StateConfig;
  change(root);
  const implementations = { ...forgeSessionResumeMachine.implementations, guards: guardsWithNegations };
  return createMachine(root as never, implementations as never) as unknown as ForgeSessionResumeMachine;
}

/** A copy of a configuration in which every transition is in a list; functions stay as they are. */
function copy(part: unknown, key = ''): unknown {
  const isTransition = key === 'onDone' || key === 'onError' || key === 'delay';
  if (isTransition && !Array.isArray(part)) return [copy(typeof part === 'string' ? { target: part } : part)];
  if (Array.isArray(part)) return part.map((item) => copy(item));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, copy(value, key === 'after' ? 'delay' : name)]),
  );
}

function stateOf(root: StateConfig, name: string): StateConfig {
  let state = root;
  for (const word of name.split('.')) {
    const inner = state.states?.[word];
    if (inner === undefined) throw new Error(`there is no state ${name}`);
    state = inner;
  }
  return state;
}

function configOf(root: StateConfig, { from, on, guard, after }: ChartTransition): TransitionConfig {
  const { invoke, after: delays } = stateOf(root, from);
  const group = on.kind === 'after' ? delays?.[on.of] : on.kind === 'done' ? invoke?.onDone : invoke?.onError;
  const config = group?.[after.length];
  if (config === undefined || (config.guard ?? '') !== guard) throw new Error(`${from} has no such transition`);
  return config;
}
