import type { ActorBody, ActorName, Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import { ActorRun } from './actor-run.ts';
import type { ChartConfig, ChartEvent, ChartNames } from './chart-config.ts';
import { type ChartNode, lineOf, readNodes, type Way } from './chart-nodes.ts';

/** Timers of one call. */
export interface ChartClock {
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Runs a statechart once, from its start to an end. */
export type Interpreter = (actors: Actors, input: MachineInput, clock: ChartClock) => Promise<MachineOutput>;

/**
 * Makes what runs a statechart from its configuration, the very one from which XState runs it where somebody watches.
 * XState's actor system, snapshots and inspection cost as much as all else that a call does; this knows only nested
 * states, invoked actors, delays, guards and updates of the context. A test compares the two step by step, on every
 * path of the chart and on every mutant of it.
 *
 * @param config - as `createMachine` was given it
 * @param names - what its guards, actions and delays stand for
 */
export function makeInterpreter(config: ChartConfig, names: ChartNames): Interpreter {
  const [root] = readNodes(config);
  return (actors, input, clock) =>
    new Promise((resolve, reject) => {
      let context = config.context({ input });
      let active = root;
      let isBusy = false;
      /** What happened while something else was being worked through. */
      const mailbox: (() => void)[] = [];
      /** What leaving a state stops: its actor, its delays. */
      const stops = new Map<ChartNode, (() => void)[]>();

      const happen = (step: () => void): void => {
        mailbox.push(step);
        if (isBusy) return;
        isBusy = true;
        try {
          for (let next = mailbox.shift(); next !== undefined; next = mailbox.shift()) next();
        } catch (error) {
          leave(root);
          reject(error);
        }
        isBusy = false;
      };

      const choose = (ways: readonly Way[], event: ChartEvent): void => {
        const isOpen = ({ guard }: Way): boolean =>
          guard === undefined || named(names.guards, guard)({ context, event });
        const way = ways.find(isOpen);
        if (way !== undefined) take(way, event);
        else if ('error' in event) throw event['error'];
      };

      const take = ({ domain, actions, target }: Way, event: ChartEvent): void => {
        leave(domain);
        update(actions, event);
        enter(target, event);
      };

      const leave = (domain: ChartNode): void => {
        for (let left = active; left !== domain && left.parent !== undefined; left = left.parent) {
          for (const stop of stops.get(left) ?? []) stop();
          stops.delete(left);
          active = left.parent;
        }
      };

      const update = (actions: readonly string[], event: ChartEvent): void => {
        for (const action of actions) context = { ...context, ...named(names.updates, action)({ context, event }) };
      };

      /** Enters a state inside the active one and what is entered with it; their actors start last. */
      const enter = (target: ChartNode, event: ChartEvent): void => {
        const starts: (() => void)[] = [];
        const line = lineOf(target);
        for (let inner = target.initial(); inner !== undefined; inner = inner.initial()) line.push(inner);
        for (const node of line.slice(line.indexOf(active) + 1)) {
          active = node;
          update(node.entry, event);
          stops.set(node, delays(node));
          const start = actor(node, event);
          if (start !== undefined) starts.push(start);
        }
        for (const start of starts) start();
        if (!active.isFinal) return;
        leave(root);
        resolve(config.output({ context }));
      };

      const delays = (node: ChartNode): (() => void)[] =>
        node.after.map(({ delay, ways }) => {
          const ms = named(names.delays, delay);
          let isOver = false;
          const onEnd = (): void => {
            if (!isOver) choose(ways(), { type: `xstate.after.${delay}` });
          };
          const timer = clock.setTimeout(() => happen(onEnd), typeof ms === 'number' ? ms : ms());
          return () => {
            isOver = true;
            clock.clearTimeout(timer);
          };
        });

      /** Makes a state's actor ready to start. */
      const actor = (node: ChartNode, event: ChartEvent): (() => void) | undefined => {
        const { invoke } = node;
        if (invoke === undefined) return undefined;
        const { src, id: actorId } = invoke;
        if (src === 'keepLock') return () => stops.get(node)?.push(actors.keepLock());
        const input: unknown = typeof invoke.input === 'function' ? invoke.input({ context, event }) : invoke.input;
        return () => {
          const run = new ActorRun();
          stops.get(node)?.push(() => run.stop());
          const tell = (ways: () => readonly Way[], answer: ChartEvent): void =>
            happen(() => {
              if (run.isAwaited) choose(ways(), answer);
            });
          run.start(
            actors[src] as ActorBody<ActorName>,
            input,
            (output) => tell(node.onDone, { type: `xstate.done.actor.${actorId}`, output, actorId }),
            (error) => tell(node.onError, { type: `xstate.error.actor.${actorId}`, error, actorId }),
          );
        };
      };

      happen(() => enter(root, { type: 'xstate.init' }));
    });
}

function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new Error(`the chart names ${name}, which is not there`);
  return found;
}
