import { createActor, fromCallback } from 'xstate';
import { delays } from '../../machines/conditions.ts';
import type { ActorName, ActorScope, Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import type { ForgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { updates } from '../../machines/updates.ts';
import { fromAnswer } from '../../src/answer-logic.ts';
import { type Outcome, outcomeText } from '../../src/graph/outcome-events.ts';
import { outcomes } from '../../src/graph/outcomes.ts';
import type { ChartConfig } from '../../src/interpreter/chart-config.ts';
import { type ChartClock, makeInterpreter } from '../../src/interpreter/interpret.ts';
import { guardsWithNegations } from '../testing/mutants.ts';

/** What an actor does at its next start: answers, fails, or stays away until it is stopped. */
export type Script = (actor: ActorName) => Exclude<Outcome, { kind: 'delay' }> | 'pending';

/** Runs a machine once; resolves to its output. */
export type Engine = (
  machine: ForgeSessionResumeMachine,
  actors: Actors,
  input: MachineInput,
  clock: ChartClock,
) => Promise<MachineOutput>;

/** Delays that do not vary. */
const fixedDelays = { ...delays, lockRetry: 21 };

/** XState itself, as the product runs it where somebody watches. */
export const xstateEngine: Engine = (machine, { keepLock, ...bodies }, input, clock) =>
  new Promise((resolve, reject) => {
    const logic = Object.entries(bodies).map(([name, body]) => [
      name,
      fromAnswer((given, scope) => (body as (input: unknown, scope: ActorScope) => unknown)(given, scope)),
    ]);
    const provided = machine.provide({
      actors: { ...Object.fromEntries(logic), keepLock: fromCallback(() => keepLock()) },
      delays: fixedDelays,
    });
    const actor = createActor(provided, { clock, input });
    actor.subscribe({
      complete: () => resolve(actor.getSnapshot().output as MachineOutput),
      error: reject,
    });
    actor.start();
  });

/** The product's own. */
export const interpreterEngine: Engine = (machine, actors, input, clock) => {
  const config = machine.config as unknown as ChartConfig;
  return makeInterpreter(config, { guards: guardsWithNegations, updates, delays: fixedDelays })(actors, input, clock);
};

interface Timer {
  readonly action: () => void;
  readonly at: number;
  readonly id: number;
}

/** Most delays that a run may let pass. */
const patience = 12;
/** Entries after which actors stay away: a mutant can go round in circles. */
const endurance = 60;

/**
 * Runs a machine with scripted actors on a clock that moves on when nothing else does, and notes all that can be told
 * from outside: actors' starts with their inputs, answers, stops, delays, the end.
 *
 * @param engine - what runs it
 * @param machine - the machine
 * @param input - the call's ids
 * @param script - asked at each start of an actor
 */
export async function traceRun(
  engine: Engine,
  machine: ForgeSessionResumeMachine,
  input: MachineInput,
  script: Script,
): Promise<string[]> {
  const trace: string[] = [];
  const timers = new Map<number, Timer>();
  let now = 0;
  let made = 0;
  const clock: ChartClock = {
    setTimeout: (action, ms) => {
      made += 1;
      timers.set(made, { action, at: now + ms, id: made });
      trace.push(`delay of ${ms} starts`);
      return made;
    },
    clearTimeout: (id) => {
      if (timers.delete(id as number)) trace.push('a delay is stopped');
    },
  };
  let ended = false;
  const end = (text: string): void => {
    ended = true;
    trace.push(text);
  };
  engine(machine, scriptedActors(script, trace), input, clock).then(
    (output) => end(`ends with ${JSON.stringify(output)}`),
    (error: unknown) => {
      // Ours stops what still runs, XState forgets it.
      while (/ (is|are) stopped$/.test(trace.at(-1) ?? '')) trace.pop();
      end(`throws ${error instanceof Error ? error.message : JSON.stringify(error)}`);
    },
  );
  for (let passed = 0; passed < patience; passed += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const [next] = [...timers.values()].sort((a, b) => a.at - b.at || a.id - b.id);
    if (ended || next === undefined) break;
    timers.delete(next.id);
    now = next.at;
    trace.push('a delay passes');
    next.action();
  }
  return delaysLast(trace);
}

/**
 * Of what happens at one instant, XState starts the first state's delays after its actor and all others before: that
 * nobody can tell.
 */
function delaysLast(trace: readonly string[]): string[] {
  const isDelay = (entry: string): boolean => /^(delay of|a delay is stopped)/.test(entry);
  const ordered: string[] = [];
  let delays: string[] = [];
  for (const entry of [...trace, '']) {
    if (isDelay(entry)) delays.push(entry);
    else {
      if (!/ (starts with|starts$|is stopped)/.test(entry)) {
        ordered.push(...delays.sort());
        delays = [];
      }
      ordered.push(entry);
    }
  }
  return ordered.slice(0, -1);
}

function scriptedActors(script: Script, trace: string[]): Actors {
  const start = (name: ActorName) => async (input: unknown, scope: ActorScope) => {
    const outcome = trace.length > endurance ? 'pending' : script(name);
    trace.push(`${name} starts with ${JSON.stringify(input)}`);
    scope.signal.addEventListener('abort', () => trace.push(`${name} is stopped`));
    if (outcome === 'pending') return await new Promise(() => undefined);
    await Promise.resolve();
    trace.push(outcomeText(outcome));
    if (outcome.kind === 'answer') return outcome.output;
    throw { code: outcome.code };
  };
  const bodies = (Object.keys(outcomes) as ActorName[]).map((name) => [name, start(name)]);
  const keepLock = (): (() => void) => {
    trace.push('keepLock starts');
    return () => trace.push('keepLock is stopped');
  };
  return { keepLock, ...Object.fromEntries(bodies) };
}
