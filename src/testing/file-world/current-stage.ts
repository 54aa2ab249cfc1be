import fs from 'node:fs';
import { sampleIds } from '../../graph/outcomes.ts';
import type { Moment, Undo } from '../world.ts';
import { upcoming, wanted } from './moments.ts';
import { endedRun, garbage, ownStart, settledRun, staleRun } from './runs.ts';
import type { Scene } from './scene.ts';

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
      fs.rmSync(scene.paths.sessionRecord);
      return undefined;
    case 'absent':
      scene.takeRun(current);
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
    case 'STATE_UNSAFE':
      return scene.obstruct(scene.paths.session(current), 'link');
    default:
      return undefined;
  }
}
