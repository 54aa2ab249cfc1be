import fs from 'node:fs';
import type { Actors } from '../../../machines/contract.ts';
import { hookNames } from '../../../machines/guards.ts';
import type { CallClock } from '../../call/options.ts';
import type { ResumePath } from '../../graph/paths.ts';
import { lookUpPane } from '../../pane/tmux.ts';
import { openFileStore, type StoreActors } from '../../store/file/index.ts';
import type { Moment, World, WorldCall } from '../world.ts';
import { stageCandidates } from './candidate-stage.ts';
import { moment, wanted } from './moments.ts';
import { stageHandedOver, stageNamed } from './named-stage.ts';
import { observeScene } from './observe.ts';
import { Scene } from './scene.ts';
import { stages } from './stage.ts';

/** How a file world differs from the usual one. */
export interface FileWorldOptions {
  /**
   * Changes the store's actors; a store that is broken on purpose must fail.
   *
   * @param actors - the file store's
   * @param stateDir - the state directory of the scratch project
   */
  readonly alter?: ((actors: StoreActors, stateDir: string) => StoreActors) | undefined;
}

/**
 * Makes a scratch project with real files in which every path can be arranged: prior runs, foreign locks, journals of
 * killed calls, links and files where they must not be, runtimes that write in between.
 *
 * @param options - changes to the store
 */
export function createFileWorld(options: FileWorldOptions = {}): World {
  const scene = new Scene();
  let doHook: () => void = () => undefined;
  return {
    isFault: isBeyondUs,
    arrange: (path) => {
      prepareCandidates(scene, path);
      prepareNamed(scene, path);
      return (now) => {
        if (!hookActors.includes(now.actor)) {
          return stages[now.actor]?.(scene, now);
        }
        doHook = () => {
          if (now.outcome.kind === 'failure') throw new Error('the hook failed');
        };
        return () => {
          doHook = () => undefined;
        };
      };
    },
    call: (clock) => openCall(scene, clock, () => doHook(), options),
    observe: () => observeScene(scene),
    dispose: () => scene.remove(),
  };
}

const hookActors: readonly string[] = hookNames;

/** To what no scratch project can be brought. */
function isBeyondUs(outcome: Moment['outcome']): boolean {
  // A file system that cannot sync a folder, and one that has no kernel locks.
  if (outcome.kind === 'answer') return ['restored', 'watched'].includes(outcome.name);
  // Neither can fail: the look-up answers with what it knows, and a release keeps its failures to itself.
  if (outcome.actor === 'findPane' || outcome.actor === 'release') return true;
  // What blocks a candidate is found where copies are looked for.
  return outcome.actor === 'prepare' && (outcome.code === 'RECOVERY_BLOCKED' || outcome.code === 'JOURNAL_VERSION');
}

/** The prior runs are there before the call starts, unless its look must miss them. */
function prepareCandidates(scene: Scene, path: ResumePath): void {
  const [first] = path.steps;
  if (first?.outcome.kind === 'answer' && first.outcome.name === 'unquiet without candidate') return;
  const index = path.steps.findIndex(({ outcome }) => outcome.kind === 'answer' && outcome.actor === 'scanCandidates');
  const found = moment(path.steps.slice(Math.max(index, 0)));
  if (index !== -1 && found !== undefined) stageCandidates(scene, wanted(found), found);
}

/** A named run is there before the call starts. */
function prepareNamed(scene: Scene, { input, steps }: ResumePath): void {
  if (input.command?.kind === 'end') scene.party = input.command.session;
  if (input.command?.kind === 'undo') stageHandedOver(scene);
  const index = steps.findIndex(({ outcome }) => outcome.kind === 'answer' && outcome.actor === 'readNamed');
  const found = index === -1 ? undefined : moment(steps.slice(index));
  if (found !== undefined && input.command?.kind !== 'undo') stageNamed(scene, found);
}

function openCall(scene: Scene, clock: CallClock, doHook: () => void, { alter }: FileWorldOptions): WorldCall {
  scene.abort = new AbortController();
  const { paths, env } = scene;
  const { stateDir, lockFolder } = paths;
  const findPane = (): Promise<string> => outsideTmux(() => lookUpPane(env));
  const store = openFileStore(
    { paths, env, companions: 'carry', now: new Date(), signal: scene.abort.signal, findPane },
    clock,
  );
  const hook = (): { kind: 'done' } => {
    doHook();
    return { kind: 'done' };
  };
  const actors: Actors = {
    ...(alter?.(store.actors, stateDir) ?? store.actors),
    findPane: async () => {
      const pane = await findPane();
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
    afterLockAcquired: hook,
    afterTargetWrite: hook,
    afterCommit: hook,
  };
  return { actors, close: store.close, crash: () => dieHolding(lockFolder, store.close) };
}

/** What the kernel does when a process dies: descriptors and their locks go, folders stay. */
function dieHolding(lockFolder: string, close: () => void): void {
  const aside = `${lockFolder}.of-the-dead`;
  const held = fs.existsSync(lockFolder);
  if (held) fs.renameSync(lockFolder, aside);
  close();
  if (held) fs.renameSync(aside, lockFolder);
}

/** Starts something as if this process were in no pane. */
function outsideTmux<T>(start: () => T): T {
  const pane = process.env['TMUX_PANE'];
  delete process.env['TMUX_PANE'];
  try {
    return start();
  } finally {
    if (pane !== undefined) process.env['TMUX_PANE'] = pane;
  }
}
