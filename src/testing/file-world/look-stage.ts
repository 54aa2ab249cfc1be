import fs from 'node:fs';
import { sampleIds, samplePane } from '../../graph/alphabet/samples.ts';
import { protocol, reasons } from '../../rules/protocol.ts';
import type { Moment, Undo } from '../world.ts';
import { wanted } from './moments.ts';
import { endedRun, garbage, ownStart, settledRun, staleRun } from './runs.ts';
import type { Scene } from './scene.ts';

const { current } = sampleIds;

/**
 * Puts there what `look` must see; what belongs to its moment alone is taken away again.
 *
 * @param scene - the scratch project
 * @param moment - what it must answer
 */
export function stageLook(scene: Scene, moment: Moment): Undo | undefined {
  switch (wanted(moment)) {
    case 'answered':
      scene.putRun(current, endedRun(ownStart));
      return undefined;
    case `answered ${reasons.sessionMissing}`:
      fs.rmSync(scene.paths.sessionRecord);
      return undefined;
    case `answered ${reasons.currentActive}`:
      return putActive(scene, settledRun);
    case 'unquiet':
      scene.putRun(current, endedRun(ownStart));
      return disturb(scene);
    case 'unquiet active':
      putActive(scene, settledRun);
      return disturb(scene);
    case 'unquiet without candidate':
      return disturb(scene);
    case 'doubtful':
      return tearSessionRecord(scene);
    case 'doubtful active':
      putActive(scene, staleRun);
      return () => scene.takeRun(current);
    default:
      return undefined;
  }
}

function putActive(scene: Scene, run: typeof settledRun): undefined {
  scene.putRun(current, run);
  scene.env['TMUX_PANE'] = samplePane;
}

/** Somebody holds the lock folder in a directory that has been used before. */
function disturb(scene: Scene): Undo {
  scene.putOwn(scene.own(protocol.files.kernelLock), '');
  return scene.occupyLock();
}

/** The runtime is just writing which session is current. */
function tearSessionRecord(scene: Scene): Undo {
  const restore = scene.moveAside(scene.paths.sessionRecord);
  fs.writeFileSync(scene.paths.sessionRecord, garbage);
  return restore;
}
