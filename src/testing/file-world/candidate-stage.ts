import { sampleIds } from '../../graph/outcomes.ts';
import { protocol } from '../../rules/protocol.ts';
import { copyIds, leaveCopy } from './recovery-stage.ts';
import { endedRun, liveRun, type RunFields } from './runs.ts';
import type { Scene } from './scene.ts';

const { fields } = protocol;
const { source, other } = sampleIds;
const second = 'second';

const terminal = (id: string): RunFields =>
  liveRun({ [fields.phase]: ' Blocked_On_User', [fields.ownerRcsSession]: id });
const another = (id: string): RunFields => liveRun({ [fields.ownerRcsSession]: id });

/**
 * Puts the prior sessions' runs there that `scanCandidates` must find.
 *
 * @param scene - the scratch project
 * @param scan - name of the scan's outcome
 * @param retire - name of what `retireCopies` must answer, where copies are found
 */
export function stageCandidates(scene: Scene, scan: string, retire: string | undefined): void {
  const isCopy = scan === 'copies';
  if (isCopy && scene.readRun(copyIds.copy) === undefined) leaveCopy(scene);
  // The session of the second run is the copy's keeper there.
  const place = isCopy ? second : other;
  switch (isCopy ? (retire ?? 'one') : scan) {
    case 'none':
      if (scene.readRun(source) !== undefined) scene.ensureRun(source, endedRun());
      return;
    case 'onlyTerminal':
      scene.ensureRun(source, terminal(source));
      return;
    case 'oneBesideTerminal':
      scene.ensureRun(source, liveRun());
      scene.ensureRun(place, terminal(place));
      return;
    case 'several':
      scene.ensureRun(source, liveRun());
      scene.ensureRun(place, another(place));
      return;
    default:
      scene.ensureRun(source, liveRun());
  }
}
