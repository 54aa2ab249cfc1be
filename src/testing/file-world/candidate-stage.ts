import { sampleIds } from '../../graph/alphabet/samples.ts';
import { protocol } from '../../rules/protocol.ts';
import type { Moment } from '../world.ts';
import { upcoming } from './moments.ts';
import { copyIds, leaveCopy } from './recovery-stage.ts';
import { endedRun, liveRun, type RunFields } from './runs.ts';
import type { Scene } from './scene.ts';

const { fields } = protocol;
const { source, other, stale } = sampleIds;
const second = 'second';

const terminal = (id: string): RunFields =>
  liveRun({ [fields.phase]: ' Blocked_On_User', [fields.ownerRcsSession]: id });
const another = (id: string): RunFields => liveRun({ [fields.ownerRcsSession]: id });
/** A run on which nobody has worked for long. */
export const idleRun = (id: string): RunFields =>
  liveRun({ [fields.ownerRcsSession]: id, [fields.updatedAt]: '2026-01-02T03:04:06.000Z' });

/**
 * Puts the prior sessions' runs there that `scanCandidates` must find.
 *
 * @param scene - the scratch project
 * @param scan - name of the scan's outcome
 * @param after - the moment, which tells what the actors behind it must answer, where copies or stale runs are found
 */
export function stageCandidates(scene: Scene, scan: string, after: Moment): void {
  const retire = upcoming(after, 'retireCopies');
  const isCopy = scan === 'copies';
  if (isCopy && scene.readRun(copyIds.copy) === undefined) leaveCopy(scene);
  // The session of the second run is the copy's keeper there.
  const place = isCopy ? second : other;
  const left = isCopy ? (retire ?? 'one') : scan;
  if (left !== 'stale') {
    stageLeft(scene, left, place);
    return;
  }
  const remain = upcoming(after, 'endStale') ?? 'one';
  if (remain === 'goneOn') {
    scene.ensureRun(source, idleRun(source));
    return;
  }
  scene.ensureRun(stale, idleRun(stale));
  stageLeft(scene, remain, place);
}

function stageLeft(scene: Scene, left: string, place: string): void {
  switch (left) {
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
    case 'oneOwned':
      // The very process that asks: it lives.
      scene.ensureRun(source, liveRun({ [protocol.sessionRecordFields.pid]: process.pid }));
      return;
    default:
      scene.ensureRun(source, liveRun());
  }
}
