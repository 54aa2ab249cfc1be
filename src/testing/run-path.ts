import { SimulatedClock } from 'xstate';
import type { ActorName } from '../../machines/contract.ts';
import type { ForgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { outcomeText } from '../graph/outcome-events.ts';
import type { PathStep, ResumePath } from '../graph/paths.ts';
import { protocol } from '../rules/protocol.ts';
import { brokenExpectations } from './expectations.ts';
import { PathMismatch } from './mismatch.ts';
import { runMachine, untilStopped } from './run-machine.ts';
import type { EventualWorld, Moment, World } from './world.ts';

const { lockTimeoutMs, lockRetryMs } = protocol.limits;
/** How far a run may go beyond its path, so that a mismatch shows where it went. */
const detour = 12;

/**
 * Runs the real machine with a world's actors in the world in which reality must take a path, on simulated time, and
 * compares: the states visited, the result or error, runs and leftovers, the promises.
 *
 * @param path - from `resumePaths`
 * @param world - an unused world; it is disposed of by whoever made it
 * @param machine - another machine than the production one; for mutation checks
 * @throws PathMismatch with both sequences side by side and the first step that differs
 */
export async function runPath(
  path: ResumePath,
  world: EventualWorld,
  machine?: ForgeSessionResumeMachine,
): Promise<void> {
  const interfere = await world.arrange(path);
  const clock = new SimulatedClock();
  const call = world.call(clock);
  const guide = new Guide(path, clock);
  try {
    const end = await runMachine({
      machine,
      actors: call.actors,
      input: path.input,
      clock,
      limit: path.states.length + detour,
      onState: guide.enter,
      around: (name, body, signal) => guide.perform(name, body, signal, interfere, world.isFault),
    });
    const isWhole = guide.onPath && guide.states.length === path.states.length;
    if (!isWhole) throw new PathMismatch(path, guide.states, end, []);
    const heldOn = hasReleased(path) && (await world.observe()).locked;
    await call.close();
    const problems = [
      ...(heldOn ? ['promise 6: the lock is still held after its release'] : []),
      ...brokenExpectations(path, end, await world.observe()),
    ];
    if (problems.length > 0) throw new PathMismatch(path, guide.states, end, problems);
  } finally {
    await call.close();
  }
}

/** Leads a run along its path: time, interference and faults, as long as the run is on it. */
class Guide {
  readonly states: string[] = [];
  readonly #path: ResumePath;
  readonly #clock: SimulatedClock;
  #deadline = 0;
  onPath = true;

  constructor(path: ResumePath, clock: SimulatedClock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** The step that the path takes from where the run is. */
  get #step(): PathStep | undefined {
    return this.onPath ? this.#path.steps[this.states.length - 1] : undefined;
  }

  readonly enter = (name: string): void => {
    const [top] = name.split('.');
    if (this.states.at(-1)?.split('.')[0] !== top) this.#deadline = this.#clock.now() + lockTimeoutMs;
    this.states.push(name);
    this.onPath &&= this.#path.states[this.states.length - 1] === name;
    // The machine schedules its delays only after it has told of the state.
    if (name.endsWith('.wait')) queueMicrotask(() => this.#letTimePass());
  };

  readonly perform = async (
    actor: ActorName,
    body: () => Promise<unknown>,
    signal: AbortSignal,
    interfere: Awaited<ReturnType<EventualWorld['arrange']>>,
    isFault: World['isFault'],
  ): Promise<unknown> => {
    // The machine starts an actor before it tells of the state.
    await Promise.resolve();
    const step = this.#step;
    if (step === undefined) return body();
    const { outcome } = step;
    if (outcome.kind === 'delay') {
      queueMicrotask(() => this.#clock.set(this.#deadline));
      return untilStopped(signal);
    }
    const ahead = this.#path.steps.slice(this.states.length - 1);
    // So late that the machine's next pause would last longer than its patience.
    if (isTimeout(ahead[1])) this.#clock.set(this.#deadline - 5);
    if (isFault(outcome)) return standIn(outcome);
    const undo = await interfere({ actor, outcome, ahead });
    try {
      return await body();
    } finally {
      await undo?.();
    }
  };

  #letTimePass(): void {
    if (isTimeout(this.#step)) this.#clock.set(this.#deadline);
    else this.#clock.increment(lockRetryMs);
  }
}

const isTimeout = (step: PathStep | undefined): boolean =>
  step?.outcome.kind === 'delay' && step.outcome.delay === 'lockTimeout' && step.from.endsWith('.wait');

const hasReleased = ({ steps }: ResumePath): boolean =>
  steps.some(({ outcome }) => outcomeText(outcome) === 'release: released');

/** What the machine hears of an outcome to which a store cannot be brought; the actor does not run. */
function standIn(outcome: Moment['outcome']): unknown {
  if (outcome.kind === 'answer') return outcome.output;
  throw Object.assign(new Error('a fault of the test'), outcome.code === 'UNKNOWN' ? {} : { code: outcome.code });
}
