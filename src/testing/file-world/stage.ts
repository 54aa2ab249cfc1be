import type { ActorName, RecoveryOutcome } from '../../../machines/contract.ts';
import { sampleIds, samplePane } from '../../graph/outcomes.ts';
import type { Moment, Undo } from '../world.ts';
import { stageCandidates } from './candidate-stage.ts';
import { stageCurrent } from './current-stage.ts';
import { stageLook } from './look-stage.ts';
import { upcoming, wanted } from './moments.ts';
import { ensureTarget, overtake, settleByOther, unfinished } from './recovery-stage.ts';
import { endedRun, garbage, liveRun, ownStart } from './runs.ts';
import type { Scene } from './scene.ts';

/** What the world does right before an actor runs. */
export type Stage = (scene: Scene, moment: Moment) => Undo | undefined;

/** The causes of failures that are the same for every actor. */
function stageFailure(scene: Scene, { outcome }: Moment): Undo | undefined {
  if (outcome.kind !== 'failure') return undefined;
  if (outcome.code === 'UNKNOWN') scene.abort.abort(new Error('the caller gave up'));
  return outcome.code === 'LOCK_LOST' ? scene.stealLock() : undefined;
}

const temp: Stage = (scene, moment) => {
  if (wanted(moment) === 'IO') return scene.obstruct(scene.paths.temp, 'file');
  if (wanted(moment) === 'STATE_UNSAFE') return scene.obstruct(scene.paths.temp, 'link');
  return stageFailure(scene, moment);
};

const target = (scene: Scene): string => scene.paths.run(sampleIds.current);
const missingTarget: Stage = (scene, moment) =>
  wanted(moment) === 'SOURCE_BUSY' ? scene.moveAside(target(scene)) : undefined;

/** How the world brings each actor to its outcome; the hooks are not staged, they do what they are told. */
export const stages: Readonly<Partial<Record<ActorName, Stage>>> = {
  look: (scene, moment) => stageLook(scene, moment) ?? stageFailure(scene, moment),
  acquireLock: (scene, moment) => {
    switch (wanted(moment)) {
      case 'busy':
        return scene.occupyLock();
      case 'storeMissing':
        // A lock that was put back would be gone together with all the rest.
        scene.removeLock();
        return scene.moveAside(scene.paths.stateDir);
      case 'IO':
        return scene.obstruct(scene.paths.own, 'file');
      case 'STATE_UNSAFE':
        return scene.obstruct(scene.paths.own, 'link');
      default:
        return stageFailure(scene, moment);
    }
  },
  recover: (scene, moment) => {
    settleByOther(scene);
    const { journal, quarantine } = scene.paths;
    switch (wanted(moment)) {
      case 'nothing':
        return undefined;
      case 'UNKNOWN':
        return stageFailure(scene, moment);
      case 'LOCK_LOST':
        unfinished.dropped(scene);
        return stageFailure(scene, moment);
      case 'IO':
        unfinished.quarantined(scene);
        return scene.obstruct(quarantine, 'file');
      case 'STATE_UNSAFE':
        return scene.obstruct(journal, 'folder');
      case 'JOURNAL_VERSION':
        scene.putOwn(journal, '{"version": 99}');
        return undefined;
      default:
        unfinished[wanted(moment) as RecoveryOutcome](scene);
        return undefined;
    }
  },
  readCurrent: (scene, moment) => stageCurrent(scene, moment) ?? stageFailure(scene, moment),
  findPane: (scene, moment) => {
    scene.env['TMUX_PANE'] = wanted(moment) === 'found' ? samplePane : undefined;
    return undefined;
  },
  updateOwner: (scene, moment) => {
    if (wanted(moment) === 'changed') scene.putRun(sampleIds.current, endedRun(ownStart));
    return wanted(moment) === 'SOURCE_BUSY' ? keepWriting(scene) : temp(scene, moment);
  },
  scanCandidates: (scene, moment) => {
    stageCandidates(scene, wanted(moment), upcoming(moment, 'retireCopies'));
    return stageFailure(scene, moment);
  },
  retireCopies: (scene, moment) => {
    switch (wanted(moment)) {
      case 'IO':
        return scene.obstruct(scene.paths.quarantine, 'file');
      case 'STATE_UNSAFE':
        return scene.obstruct(scene.paths.quarantine, 'link');
      default:
        return stageFailure(scene, moment);
    }
  },
  prepare: temp,
  writeTarget: (scene, moment) => {
    const folder = scene.paths.session(sampleIds.current);
    switch (wanted(moment)) {
      case 'taken':
        scene.putRun(sampleIds.current, liveRun(ownStart));
        return undefined;
      case 'IO':
        return scene.obstruct(folder, 'file');
      case 'STATE_UNSAFE':
        return scene.obstruct(folder, 'link');
      default:
        return stageFailure(scene, moment);
    }
  },
  writeSource: (scene, moment) => {
    if (wanted(moment) === 'changed') scene.advanceSource();
    return missingTarget(scene, moment) ?? temp(scene, moment);
  },
  replan: (scene, moment) => {
    if (wanted(moment) === 'ineligible') scene.putRun(sampleIds.source, endedRun());
    if (wanted(moment) === 'STATE_UNSAFE') {
      scene.nestSource();
      return undefined;
    }
    return missingTarget(scene, moment) ?? temp(scene, moment);
  },
  commit: (scene, moment) => {
    if (wanted(moment) === 'IO') return scene.obstruct(scene.paths.receipts, 'file');
    if (wanted(moment) === 'STATE_UNSAFE') return scene.obstruct(scene.paths.receipts, 'link');
    return stageFailure(scene, moment);
  },
  rollback: (scene, moment) => {
    switch (wanted(moment)) {
      case 'wentForward':
        overtake(scene);
        return undefined;
      case 'left':
        scene.putRun(sampleIds.source, garbage);
        return undefined;
      case 'IO':
        return scene.obstruct(scene.paths.journal, 'folder');
      case 'STATE_UNSAFE':
        ensureTarget(scene);
        return scene.obstruct(scene.paths.receipts, 'link');
      default:
        return stageFailure(scene, moment);
    }
  },
};

/** A runtime that writes its run whenever it can. */
function keepWriting(scene: Scene): Undo {
  let left = 1_000;
  const write = (): void => {
    left -= 1;
    if (left < 0) return;
    scene.putRun(sampleIds.current, liveRun({ ...ownStart, owner_rcs_session_id: 'gone', iteration: 2_000 - left }));
    queueMicrotask(write);
  };
  write();
  return () => {
    left = 0;
  };
}
