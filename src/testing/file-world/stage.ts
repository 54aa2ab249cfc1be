import fs from 'node:fs';
import type { ActorName, RecoveryOutcome } from '../../../machines/contract.ts';
import { sampleIds, samplePane } from '../../graph/alphabet/samples.ts';
import { protocol } from '../../rules/protocol.ts';
import { tempBeside } from '../../store/file/files/temp-name.ts';
import type { Moment, Undo } from '../world.ts';
import { idleRun, stageCandidates } from './candidate-stage.ts';
import { stageCurrent } from './current-stage.ts';
import { stageLook } from './look-stage.ts';
import { wanted } from './moments.ts';
import { stageNamed } from './named-stage.ts';
import { overtake, settleByOther, unfinished } from './recovery-stage.ts';
import { endedRun, garbage, liveRun, ownStart, type RunFields } from './runs.ts';
import type { Scene } from './scene.ts';

/** What the world does right before an actor runs. */
export type Stage = (scene: Scene, moment: Moment) => Undo | undefined;

/** The causes of failures that are the same for every actor. */
function stageFailure(scene: Scene, { outcome }: Moment): Undo | undefined {
  if (outcome.kind !== 'failure') return undefined;
  if (outcome.code === 'UNKNOWN') scene.abort.abort(new Error('the caller gave up'));
  return outcome.code === 'LOCK_LOST' ? scene.stealLock() : undefined;
}

/** Something that cannot be replaced stands where a session's run is written anew; or a link, where its folder is. */
const writing =
  (id: string): Stage =>
  (scene, moment) => {
    if (wanted(moment) === 'IO') return scene.obstruct(tempBeside(scene.paths.run(id)), 'folder');
    if (wanted(moment) === 'STATE_UNSAFE') return scene.obstruct(scene.paths.session(id), 'link');
    return stageFailure(scene, moment);
  };

/** What stands in the place of a folder. */
const inPlaceOf =
  (folder: (scene: Scene) => string): Stage =>
  (scene, moment) => {
    if (wanted(moment) === 'IO') return scene.obstruct(folder(scene), 'file');
    if (wanted(moment) === 'STATE_UNSAFE') return scene.obstruct(folder(scene), 'link');
    return stageFailure(scene, moment);
  };

const currentFolder = inPlaceOf((scene) => scene.paths.session(sampleIds.current));
const quarantine = inPlaceOf((scene) => scene.own(protocol.files.quarantineFolder));

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
    switch (wanted(moment)) {
      case 'nothing':
        return undefined;
      case 'UNKNOWN':
        return stageFailure(scene, moment);
      case 'LOCK_LOST':
        return losingLock(scene, moment);
      case 'IO':
      case 'STATE_UNSAFE':
        unfinished.copy_ended(scene);
        return quarantine(scene, moment);
      case 'RECOVERY_BLOCKED':
        return scene.obstruct(scene.journal(sampleIds.other, scene.party), 'folder');
      case 'JOURNAL_VERSION':
        scene.putOwn(scene.journal(sampleIds.other, scene.party), '{"version": 99}');
        return undefined;
      default:
        unfinished[wanted(moment) as RecoveryOutcome](scene);
        return undefined;
    }
  },
  readNamed: (scene, moment) => stageNamed(scene, moment) ?? stageFailure(scene, moment),
  endNamed: (scene, moment) => {
    if (wanted(moment) === 'changed') scene.putRun(sampleIds.source, endedRun());
    return wanted(moment) === 'SOURCE_BUSY'
      ? keepWriting(scene, sampleIds.source, {})
      : writing(sampleIds.source)(scene, moment);
  },
  readCurrent: (scene, moment) => stageCurrent(scene, moment) ?? stageFailure(scene, moment),
  findPane: (scene, moment) => {
    scene.env['TMUX_PANE'] = wanted(moment) === 'found' ? samplePane : undefined;
    return undefined;
  },
  updateOwner: (scene, moment) => {
    if (wanted(moment) === 'changed') scene.putRun(sampleIds.current, endedRun(ownStart));
    return wanted(moment) === 'SOURCE_BUSY'
      ? keepWriting(scene, sampleIds.current, ownStart)
      : writing(sampleIds.current)(scene, moment);
  },
  scanCandidates: (scene, moment) => {
    stageCandidates(scene, wanted(moment), moment);
    return stageFailure(scene, moment);
  },
  retireCopies: quarantine,
  endStale: (scene, moment) => {
    if (wanted(moment) === 'goneOn') scene.putRun(sampleIds.source, liveRun());
    return wanted(moment) === 'SOURCE_BUSY'
      ? keepWriting(scene, sampleIds.stale, idleRun(sampleIds.stale))
      : writing(sampleIds.stale)(scene, moment);
  },
  prepare: (scene, moment) => {
    scene.setCompanions(wanted(moment) === 'prepared with companions');
    if (wanted(moment) === 'changed') scene.putRun(sampleIds.source, endedRun());
    return inPlaceOf(({ paths }) => paths.journals)(scene, moment);
  },
  companions: currentFolder,
  writeTarget: (scene, moment) => {
    if (wanted(moment) === 'taken') scene.putRun(sampleIds.current, liveRun(ownStart));
    return currentFolder(scene, moment);
  },
  writeSource: (scene, moment) => {
    if (wanted(moment) === 'changed') scene.advanceSource();
    return missingTarget(scene, moment) ?? writing(sampleIds.source)(scene, moment);
  },
  replan: (scene, moment) => {
    if (wanted(moment) === 'ineligible') scene.putRun(sampleIds.source, endedRun());
    if (wanted(moment) === 'STATE_UNSAFE') {
      scene.nestSource();
      return undefined;
    }
    return missingTarget(scene, moment) ?? writing(sampleIds.current)(scene, moment);
  },
  commit: (scene, moment) => {
    const { source, current } = sampleIds;
    if (wanted(moment) === 'IO') return scene.obstruct(scene.journal(source, current), 'folder');
    if (wanted(moment) === 'STATE_UNSAFE') return scene.obstruct(scene.paths.journals, 'link');
    return stageFailure(scene, moment);
  },
  rollback: (scene, moment) => {
    if (wanted(moment) === 'wentForward') overtake(scene);
    if (wanted(moment) === 'left') scene.putRun(sampleIds.source, garbage);
    return stageFailure(scene, moment);
  },
};

/** A lock that goes while something is settled; whoever took it has settled that by then. */
function losingLock(scene: Scene, moment: Moment): Undo {
  unfinished.dropped(scene);
  const restore = stageFailure(scene, moment);
  return () => {
    restore?.();
    fs.rmSync(scene.paths.journals, { recursive: true });
  };
}

/** A runtime that writes its run whenever it can. */
function keepWriting(scene: Scene, id: string, start: RunFields): Undo {
  let left = 1_000;
  const write = (): void => {
    left -= 1;
    if (left < 0) return;
    scene.putRun(id, liveRun({ ...start, owner_rcs_session_id: 'gone', iteration: 2_000 - left }));
    queueMicrotask(write);
  };
  write();
  return () => {
    left = 0;
  };
}
