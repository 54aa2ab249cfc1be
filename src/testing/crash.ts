import { SimulatedClock } from 'xstate';
import type { ActorName } from '../../machines/contract.ts';
import { endsIn, type ResumePath, resumePaths } from '../graph/paths.ts';
import { type commandReasons, reasons } from '../rules/protocol.ts';
import { brokenPromises } from './expectations.ts';
import { describeError } from './mismatch.ts';
import { type MachineEnd, runMachine, untilStopped } from './run-machine.ts';
import type { EventualWorld } from './world.ts';

/** Where a call dies: right before or right after one of its actors. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  /** Which of the call's actors, from 0. */
  readonly actor: number;
}

/** More states than any undisturbed call enters. */
const limit = 60;

/** Why a hand-over is made: by itself, or because a person asks for it. */
export type TransferReason = typeof reasons.resumed | typeof commandReasons.adopted | typeof commandReasons.givenBack;

/**
 * The plain hand-over: no actor does anything but its usual thing.
 *
 * @param reason - why it is made
 * @param isHooked - whether the caller's hooks are called
 */
export function plainTransfer(reason: TransferReason = reasons.resumed, isHooked = false): ResumePath {
  // Nobody's look finds a pane where there is no active run in the current session.
  const filter = (path: ResumePath): boolean =>
    (path.input.hooks !== undefined) === isHooked && endsIn(path, reason) && path.steps.every(isUndisturbed);
  const transfers = resumePaths({ through: 'findPane', filter });
  const [plain] = [...transfers].sort((one, other) => one.steps.length - other.steps.length);
  if (plain === undefined) throw new Error('no path is a plain transfer');
  return plain;
}

const isUndisturbed = ({ outcome }: ResumePath['steps'][number]): boolean =>
  outcome.kind === 'answer' && (outcome.actor !== 'look' || outcome.name === 'doubtful');

/**
 * The actors of a path in the order in which they run.
 *
 * @param path - the path
 */
export function actorsOf(path: ResumePath): readonly ActorName[] {
  return path.steps.flatMap(({ outcome }) => (outcome.kind === 'delay' ? [] : [outcome.actor]));
}

/**
 * Arranges a hand-over, lets one call after another die on it, then lets one live, and checks that the run is live
 * exactly once, in the current session, and that nothing is left over (src/store/file/README.md#promise-1-one-owner and
 * src/store/file/README.md#promise-6-no-litter).
 *
 * @param world - an unused world
 * @param path - the hand-over
 * @param crashes - where the calls die, in order
 * @throws Error that says what does not hold
 */
export async function crashAndRecover(
  world: EventualWorld,
  path: ResumePath,
  crashes: readonly CrashPoint[],
): Promise<void> {
  await world.arrange(path);
  const isThere = (await world.observe()).runs.some(({ role, live }) => role === 'source' && live);
  if (!isThere)
    throw new Error('the world has no live run to hand over: `arrange` must put the candidates there itself');
  for (const crash of crashes) await callOnce(world, path, crash);
  const end = await callOnce(world, path, undefined);
  const seen = await world.observe();
  const live = seen.runs.filter(({ live, role }) => live && role !== 'other');
  const wrong = [
    ...(end.kind === 'stopped' ? [`the call after the crash did not end: ${end.why}`] : []),
    ...(end.kind === 'output' && end.output.failure !== null
      ? [`the call after the crash failed: ${JSON.stringify(end.output.failure)}`]
      : []),
    ...(live.length === 1 && live[0]?.role === 'current'
      ? []
      : [`promise 1: the run is live in ${live.map(({ role }) => role).join(' and ') || 'no session'}`]),
    ...brokenPromises(seen),
    ...(seen.unfinished ? ['a transfer is left unfinished'] : []),
  ];
  if (wrong.length === 0) return;
  const { thrown } = end;
  if (thrown === undefined) throw new Error(wrong.join('\n'));
  throw new Error([...wrong, describeError(thrown)].join('\n'), { cause: thrown.error });
}

async function callOnce(
  world: EventualWorld,
  { input }: ResumePath,
  crash: CrashPoint | undefined,
): Promise<MachineEnd> {
  const clock = new SimulatedClock();
  const call = world.call(clock);
  const death = new AbortController();
  let started = 0;
  const die = (signal: AbortSignal): Promise<undefined> => {
    death.abort();
    return untilStopped(signal);
  };
  const end = await runMachine({
    actors: call.actors,
    input,
    clock,
    limit,
    signal: death.signal,
    around: async (_name, body, signal) => {
      const isLast = crash?.actor === started;
      started += 1;
      if (isLast && crash.when === 'before') return die(signal);
      const answer = await body();
      return isLast ? die(signal) : answer;
    },
  });
  if (death.signal.aborted) await call.crash();
  else await call.close();
  return end;
}
