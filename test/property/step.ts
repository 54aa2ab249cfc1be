/** What may happen to a state directory, as data: a failing sequence is its own script. */
import fc from 'fast-check';

/** What happens in `hooks.afterTargetWrite`, between the two writes of a transfer. */
export type During = 'nothing' | 'turnSource' | 'turnTarget' | 'completeSource' | 'throw' | 'turnTargetAndThrow';

/** Who calls from where; `identity` is one of three, the third known by its thread. */
export interface Caller {
  readonly session: number;
  /** Whether a session that was never used before takes the place of `session`. */
  readonly fresh: boolean;
  readonly identity: number;
  /** Whether the third identity's payload has a session id beside its thread id. */
  readonly both: boolean;
  readonly pane: number;
  /** Whether a run that left the session may come home. */
  readonly home: boolean;
  /** How far the clock is off, milliseconds. */
  readonly clock: number;
}

/** One thing that happens. */
export type Step =
  | { readonly do: 'launch'; readonly session: number; readonly identity: number }
  | { readonly do: 'turn'; readonly run: number; readonly byRename: boolean; readonly counts: boolean }
  | { readonly do: 'finish'; readonly run: number; readonly phase: string; readonly active: boolean }
  | { readonly do: 'resurrect'; readonly copy: number; readonly ahead: number }
  | { readonly do: 'remove'; readonly session: number }
  | { readonly do: 'archive'; readonly session: number }
  | { readonly do: 'restore'; readonly session: number }
  | { readonly do: 'age'; readonly session: number; readonly seconds: number }
  | ({ readonly do: 'call'; readonly during: During } & Caller)
  | { readonly do: 'command'; readonly kind: 'adopt' | 'end' | 'undo'; readonly run: number; readonly session: number }
  | ({ readonly do: 'kill'; readonly at: string; readonly turn: boolean; readonly next: number } & Caller);

/** Number of sessions that a sequence may use. */
export const sessionCount = 6;

const killSteps = ['recover', 'prepare', 'writeTarget', 'afterTargetWrite', 'writeSource', 'commit', 'release'];
const session = fc.nat(sessionCount - 1);
const identity = fc.nat(2);
const caller = {
  session,
  fresh: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 2, arbitrary: fc.constant(false) }),
  identity,
  both: fc.boolean(),
  pane: fc.nat(3),
  home: fc.boolean(),
  clock: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -90_000, max: 90_000 }) },
  ),
};
const during = fc.constantFrom<During[]>(
  'nothing',
  'nothing',
  'nothing',
  'turnSource',
  'turnTarget',
  'completeSource',
  'throw',
  'turnTargetAndThrow',
);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('launch' as const), session, identity }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('turn' as const),
      run: fc.nat(5),
      byRename: fc.boolean(),
      counts: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      run: fc.nat(5),
      phase: fc.constantFrom('complete', 'blocked_on_user', ' Failed '),
      active: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resurrect' as const), copy: fc.nat(5), ahead: fc.nat(2) }) },
  ...(['remove', 'archive', 'restore'] as const).map((what) => ({
    weight: 1,
    arbitrary: fc.record({ do: fc.constant(what), session }),
  })),
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('age' as const), session, seconds: fc.integer({ min: -100, max: 100 }) }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('call' as const), during, ...caller }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      kind: fc.constantFrom('adopt' as const, 'adopt' as const, 'undo' as const, 'undo' as const, 'end' as const),
      run: fc.nat(5),
      session,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('kill' as const),
      at: fc.constantFrom(...killSteps),
      turn: fc.boolean(),
      next: session,
      ...caller,
    }),
  },
);

/** Sequences of steps; each begins with a run of every identity. */
export const sequences: fc.Arbitrary<Step[]> = fc.array(anyStep, { minLength: 3, maxLength: 16, size: 'max' });
