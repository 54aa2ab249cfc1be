import fs from 'node:fs';
import { sampleIds } from '../../graph/alphabet/samples.ts';
import { protocol } from '../../rules/protocol.ts';
import type { Moment, Undo } from '../world.ts';
import { upcoming, wanted } from './moments.ts';
import { endedRun, garbage, identities, liveRun, ownStart, settledRun, staleRun } from './runs.ts';
import type { Scene } from './scene.ts';

/** Whether the current session holds what an earlier call ended there by a hand-over. */
const isHome = (scene: Scene): boolean => scene.readRun(sampleIds.current)?.includes('ownership_transferred') === true;

/**
 * Puts into the current session what `readCurrent` must find there.
 *
 * @param scene - the scratch project
 * @param moment - what it must find, and what `updateOwner` will have to do with it
 */
export function stageCurrent(scene: Scene, moment: Moment): Undo | undefined {
  const { current } = sampleIds;
  switch (wanted(moment)) {
    case 'missing':
      // For `undo`, a run that came from nowhere.
      fs.rmSync(scene.paths.trail(sampleIds.source), { force: true });
      fs.rmSync(scene.paths.sessionRecord);
      return undefined;
    case 'absent':
      // What comes home counts as absent.
      if (upcoming(moment, 'readNamed') === undefined || !isHome(scene)) scene.takeRun(current);
      return undefined;
    case 'present':
      scene.ensureRun(current, endedRun(ownStart));
      return undefined;
    case 'unreadable':
      scene.putRun(current, garbage);
      return undefined;
    case 'active':
      scene.putRun(current, upcoming(moment, 'updateOwner') === 'unchanged' ? settledRun : staleRun);
      return undefined;
    case 'foreign':
      scene.putRun(current, liveRun({ ...ownStart, [protocol.fields.ownerCodexSession]: identities.foreign }));
      return undefined;
    case 'STATE_UNSAFE':
      return scene.obstruct(scene.paths.session(current), 'link');
    default:
      return undefined;
  }
}
