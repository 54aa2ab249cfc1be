import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { definitionOf, type StateDefinition, type TransitionDefinition } from '../../../src/graph/layout/definition.ts';
import { mutants } from '../../testing/mutants.ts';

/** A chart to be laid out. */
export interface LayoutCase {
  readonly name: string;
  readonly define: () => StateDefinition;
}

type Mutable<Part> = { -readonly [Key in keyof Part]: Part[Key] };
interface State extends Mutable<Omit<StateDefinition, 'states' | 'transitions' | 'initial'>> {
  initial?: { target?: readonly string[] };
  states: Record<string, State>;
  transitions: Mutable<TransitionDefinition>[];
}

/** Letters of one and of two columns. */
const longNames = ['aNameThatIsMuchLongerThanAnyWeHaveAndGoesOnAndOnUntilItEnds', '引き継ぎの状態の名前'];

/** Our chart with one thing changed, and every mutant of the machine, in an order that is always the same. */
export function* layoutCases(): Generator<LayoutCase, void, undefined> {
  for (const { id, machine } of mutants()) yield { name: `mutant: ${id}`, define: () => definitionOf(machine) };
  const ids = everyState(copy()).map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    const { transitions } = find(copy(), id);
    yield { name: `without ${id}`, define: changed((root) => drop(root, id)) };
    for (const row of transitions.keys()) {
      yield {
        name: `without row ${row} of ${id}`,
        define: changed((root) => find(root, id).transitions.splice(row, 1)),
      };
    }
    for (const target of new Set([1, 5, 11, 17, 0].map((step) => ids[(index + step) % ids.length] ?? id))) {
      yield { name: `${id} to ${target} as well`, define: changed((root) => add(find(root, id), target)) };
    }
    for (const name of longNames) {
      yield { name: `${id} called ${name}`, define: changed((root) => rename(find(root, id), name)) };
    }
  }
  yield {
    name: 'every name long',
    define: changed((root) => everyState(root).map((state, at) => rename(state, `${longNames[at % 2]}${at}`))),
  };
}

const copy = (): State => definitionOf(forgeSessionResumeMachine) as State;

const changed = (change: (root: State) => void) => (): StateDefinition => {
  const root = copy();
  change(root);
  return root;
};

const everyState = (state: State): State[] =>
  Object.values(state.states).flatMap((inner) => [inner, ...everyState(inner)]);

function find(root: State, id: string): State {
  const state = everyState(root).find((one) => one.id === id);
  if (state === undefined) throw new Error(`there is no state ${id}`);
  return state;
}

function drop(root: State, id: string): void {
  const gone = new Set([id, ...everyState(find(root, id)).map((state) => state.id)]);
  for (const state of [root, ...everyState(root)]) {
    state.states = Object.fromEntries(Object.entries(state.states).filter(([, inner]) => inner.id !== id));
    state.transitions = state.transitions.filter(({ target = [] }) => !target.some((one) => gone.has(one.slice(1))));
  }
}

const add = (state: State, target: string): unknown =>
  state.transitions.push({ eventType: 'anEventOfItsOwn', guard: 'aGuardOfItsOwn', target: [`#${target}`] });

function rename(state: State, name: string): void {
  state.key = name;
  for (const transition of state.transitions) transition.guard = name;
}
