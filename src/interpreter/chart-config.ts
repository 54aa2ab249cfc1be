import type { MachineContext, MachineScope } from '../../machines/context.ts';
import type { Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';

/** An event of the statechart: an actor's answer or error, or the end of a delay. */
export type ChartEvent = MachineScope['event'];

/** One way on: its target and actions by name, and the guard by name where it asks further. */
export interface TransitionConfig {
  readonly target: string;
  readonly guard?: string | undefined;
  readonly actions?: string | readonly string[] | undefined;
}

/** One or several ways on; the first whose guard holds is taken. */
export type TransitionsConfig = string | TransitionConfig | readonly TransitionConfig[];

/** An actor that runs while its state is active. */
export interface InvokeConfig {
  readonly id: string;
  readonly src: keyof Actors;
  readonly input?: unknown;
  readonly onDone?: TransitionsConfig;
  readonly onError?: TransitionsConfig;
}

/** The part of XState's state configuration that the interpreter knows; a test holds the chart to it. */
export interface StateConfig {
  readonly id?: string;
  readonly type?: 'final';
  readonly initial?: string;
  readonly entry?: string | readonly string[];
  readonly after?: Readonly<Record<string, TransitionsConfig>>;
  readonly invoke?: InvokeConfig;
  readonly states?: Readonly<Record<string, StateConfig>>;
}

/** The configuration of the machine as `createMachine` was given it. */
export interface ChartConfig extends StateConfig {
  readonly context: (args: { readonly input: MachineInput }) => MachineContext;
  readonly output: (args: { readonly context: MachineContext }) => MachineOutput;
}

/** What the names in a chart stand for. */
export interface ChartNames {
  readonly guards: Readonly<Record<string, (scope: MachineScope) => boolean>>;
  /** The actions: what each changes of the context. */
  readonly updates: Readonly<Record<string, (scope: MachineScope) => Partial<MachineContext>>>;
  /** Milliseconds. */
  readonly delays: Readonly<Record<string, number | (() => number)>>;
}
