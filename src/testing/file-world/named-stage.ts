import { sampleIds } from '../../graph/alphabet/samples.ts';
import { startOf } from '../../rules/forge-state.ts';
import { protocol } from '../../rules/protocol.ts';
import { keeps, leftBehind, sights } from '../../rules/trail.ts';
import { sha256 } from '../../store/file/files/sha256.ts';
import type { Moment, Undo } from '../world.ts';
import { earlierTransfer } from './journals.ts';
import { wanted } from './moments.ts';
import { endedRun, garbage, liveRun } from './runs.ts';
import { readText, type Scene } from './scene.ts';

const { fields, sessionRecordFields } = protocol;
const { source, current } = sampleIds;

/**
 * Puts the run there that `readNamed` must find in the prior session.
 *
 * @param scene - the scratch project
 * @param moment - what it must answer
 */
export function stageNamed(scene: Scene, moment: Moment): Undo | undefined {
  switch (wanted(moment)) {
    case 'named':
      // What was handed over already stands there.
      if (readText(scene.paths.trail(source)) === undefined) scene.ensureRun(source, liveRun());
      return undefined;
    case 'named live':
      // The very process that asks: it lives.
      scene.ensureRun(source, liveRun({ [sessionRecordFields.pid]: process.pid }));
      return undefined;
    case 'named terminal':
      scene.putRun(source, liveRun({ [fields.phase]: ' Failed' }));
      return undefined;
    case 'absent':
      scene.takeRun(source);
      return undefined;
    case 'unreadable':
      scene.putRun(source, garbage);
      return undefined;
    case 'inactive':
      scene.putRun(source, endedRun());
      return undefined;
    default:
      return undefined;
  }
}

/**
 * Puts a run there that was handed over from the current session to the prior one, with what was noted of it: `undo`
 * brings it back.
 *
 * @param scene - the scratch project
 */
export function stageHandedOver(scene: Scene): void {
  const { journal, sourceAfter, targetAfter } = earlierTransfer(current, source, liveRun());
  scene.putRun(current, sourceAfter);
  scene.putRun(source, targetAfter);
  const entry = {
    session: current,
    transferId: journal.transferId,
    at: journal.at,
    companions: {},
    seen: sights.unknown,
  };
  const bytes = Buffer.from(readText(scene.paths.run(current)) ?? '');
  scene.putOwn(scene.paths.trail(current), JSON.stringify(leftBehind(source, sha256(bytes))));
  scene.putOwn(scene.paths.trail(source), JSON.stringify(keeps(undefined, source, startOf(liveRun()), entry)));
}
