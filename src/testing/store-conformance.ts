import { hookNames } from '../../machines/guards.ts';
import { outcomeText } from '../graph/outcome-events.ts';
import { type ResumePath, resumePaths } from '../graph/paths.ts';
import { commandReasons, reasons } from '../rules/protocol.ts';
import { actorsOf, type CrashPoint, crashAndRecover, plainTransfer } from './crash.ts';
import { runPath } from './run-path.ts';
import type { Eventually, EventualWorld } from './world.ts';

/** One case that a store of actors must pass, for any test runner. */
export interface ConformanceCase {
  /** What is tested, for the runner. */
  readonly name: string;
  /** Resolves where the store passes; throws what does not hold. */
  readonly run: () => Promise<void>;
}

/** What of the cases concerns a store. */
export interface ConformanceOptions {
  /**
   * Outcomes that your store never has, as `outcomeText` names them, such as `prepare: prepared with companions` for one that
   * keeps no files beside a run. Paths through them are left out. What can happen but cannot be arranged is none of them: for
   * that there is `isFault` of the world.
   */
  readonly never?: readonly string[] | undefined;
}

/** A second call dies this far into recovery at most: behind its write of the receipt nothing of the first is left. */
const recoveringActors = 4;

/**
 * The cases that any store of actors must pass: every path of `resumePaths`, then hand-overs on which a call dies at
 * any actor, and on which a second one dies while it recovers.
 *
 * @param createWorld - makes a fresh world for each case; it is disposed of when the case is over
 * @param options - what the store never does
 * @throws TypeError where no path has an outcome of such a name
 * @example
 * for (const { name, run } of storeConformance(createWorld)) test(name, run);
 */
export function* storeConformance(
  createWorld: () => Eventually<EventualWorld>,
  { never = [] }: ConformanceOptions = {},
): Generator<ConformanceCase, void, undefined> {
  const unknown = never.find((name) => resumePaths({ through: name }).length === 0);
  if (unknown !== undefined) throw new TypeError(`no path has an outcome of the name ${JSON.stringify(unknown)}`);
  const isOurs = ({ steps }: ResumePath): boolean => !steps.some(({ outcome }) => never.includes(outcomeText(outcome)));
  const inWorld = async (work: (world: EventualWorld) => Promise<void>): Promise<void> => {
    const world = await createWorld();
    try {
      await work(world);
    } finally {
      await world.dispose();
    }
  };
  for (const path of resumePaths({ filter: isOurs })) {
    yield { name: `${path.id}: ${path.description}`, run: () => inWorld((world) => runPath(path, world)) };
  }
  for (const { name, path, crashes } of crashSequences()) {
    yield { name, run: () => inWorld((world) => crashAndRecover(world, path, crashes)) };
  }
}

interface CrashSequence {
  readonly name: string;
  readonly path: ResumePath;
  readonly crashes: readonly CrashPoint[];
}

/** Deaths of one call, and of two calls one after the other; of one in its hooks, and of one that a person makes. */
function* crashSequences(): Generator<CrashSequence, void, undefined> {
  const path = plainTransfer();
  const actors = actorsOf(path);
  for (const { name, crash } of deathsOf(path)) yield { name: `dies ${name}`, path, crashes: [crash] };
  for (const { name, crash } of deathsOf(path)) {
    for (let actor = 0; actor < recoveringActors; actor += 1) {
      const second: CrashPoint = { when: 'after', actor };
      yield { name: `dies ${name}, then after ${actors[actor] ?? ''}`, path, crashes: [crash, second] };
    }
  }
  const hooked = plainTransfer(reasons.resumed, true);
  for (const { name, crash } of deathsOf(hooked)) {
    if (hookNames.some((hook) => name.endsWith(` ${hook}`)))
      yield { name: `dies ${name}`, path: hooked, crashes: [crash] };
  }
  for (const reason of [commandReasons.adopted, commandReasons.givenBack]) {
    const asked = plainTransfer(reason);
    for (const { name, crash } of deathsOf(asked)) {
      yield { name: `dies ${name}, ${asked.input.command?.kind}`, path: asked, crashes: [crash] };
    }
  }
}

const deathsOf = (path: ResumePath): { name: string; crash: CrashPoint }[] =>
  actorsOf(path).flatMap((name, actor) =>
    (['before', 'after'] as const).map((when) => ({ name: `${when} ${name}`, crash: { when, actor } })),
  );
