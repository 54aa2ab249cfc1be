import fs from 'node:fs';
import type { RecoveryOutcome } from '../../../machines/contract.ts';
import { sampleIds } from '../../graph/outcomes.ts';
import { isForgeState, isLive } from '../../rules/forge-state.ts';
import { protocol } from '../../rules/protocol.ts';
import { earlierTransfer } from './journals.ts';
import { endedRun, garbage, identities, liveRun } from './runs.ts';
import { readText, type Scene } from './scene.ts';

const { fields } = protocol;
const [prior, later] = ['prior', 'later'];
const unrelated = liveRun({ [fields.ownerRcsSession]: prior, [fields.ownerCodexSession]: identities.foreign });

const earlier = earlierTransfer(prior, later, unrelated);

/** What an earlier call left of a transfer: its journal, and the two runs as they were then. */
const leave =
  (source: string | undefined, target: string | undefined) =>
  (scene: Scene): void => {
    scene.putOwn(scene.paths.journal, JSON.stringify(earlier.journal));
    if (source !== undefined) scene.putRun(prior, source);
    if (target !== undefined) scene.putRun(later, target);
  };

/**
 * What an earlier call left when it was killed, by what `recover` must make of it. The runs belong to another
 * conversation, so that they change nothing else.
 */
export const unfinished: Readonly<Record<RecoveryOutcome, (scene: Scene) => void>> = {
  dropped: leave(earlier.before, undefined),
  completed: leave(earlier.before, earlier.targetAfter),
  restored: leave(earlier.sourceAfter, undefined),
  finished: leave(earlier.sourceAfter, earlier.targetAfter),
  kept: leave(earlier.before, garbage),
  quarantined: (scene) => scene.putOwn(scene.paths.journal, garbage),
  copy_ended: (scene) => reviveCopy(scene, 0),
  copy_left: (scene) => reviveCopy(scene, -1),
};

/** A run was handed over to the current session, and a late writer brought the prior one back to life. */
function reviveCopy(scene: Scene, progress: number): void {
  const { journal, before, targetAfter } = earlierTransfer(prior, sampleIds.current, unrelated);
  scene.putOwn(scene.paths.receipt(journal.transferId), JSON.stringify(journal));
  scene.putRun(sampleIds.current, targetAfter);
  const copy = JSON.parse(before) as Record<string, unknown>;
  scene.putRun(prior, { ...copy, [fields.iteration]: Number(copy[fields.iteration]) + progress });
}

/** Where a copy of the calling conversation's run is, and where the run itself went. */
export const copyIds = { copy: 'copy', keeper: sampleIds.other } as const;

/**
 * Brings a copy of the calling conversation's run back to life whose transfer has a receipt.
 *
 * @param scene - the scratch project
 * @returns the receipt's path
 */
export function leaveCopy(scene: Scene): string {
  const started = { [fields.startedAt]: '2025-12-31T00:00:00.000Z' };
  const run = liveRun({ ...started, [fields.ownerRcsSession]: copyIds.copy });
  const { journal, before } = earlierTransfer(copyIds.copy, copyIds.keeper, run);
  const receipt = scene.paths.receipt(journal.transferId);
  scene.putOwn(receipt, JSON.stringify(journal));
  scene.putRun(copyIds.copy, before);
  scene.putRun(copyIds.keeper, endedRun({ ...started, [fields.ownerRcsSession]: copyIds.keeper }));
  return receipt;
}

/**
 * Whoever took our lock away has settled what we had begun, by undoing it.
 *
 * @param scene - the scratch project
 */
export function settleByOther(scene: Scene): void {
  if (readText(scene.paths.journal) === undefined) return;
  fs.rmSync(scene.paths.journal);
  const source = parse(scene.readRun(sampleIds.source));
  if (isForgeState(source) && isLive(source)) scene.takeRun(sampleIds.current);
}

/**
 * Puts our transfer's target there, and ends its source as its runtime would: all that is left is to go forward.
 *
 * @param scene - the scratch project
 */
export function overtake(scene: Scene): void {
  ensureTarget(scene);
  scene.putRun(sampleIds.source, endedRun());
}

/**
 * Puts our transfer's target there, as if only the call's last look at it had failed.
 *
 * @param scene - the scratch project
 */
export function ensureTarget(scene: Scene): void {
  if (scene.readRun(sampleIds.current) !== undefined) return;
  const journal = parse(readText(scene.paths.journal)) as { target: { after: { utf8: string } } } | undefined;
  if (journal === undefined) return;
  fs.mkdirSync(scene.paths.session(sampleIds.current), { recursive: true });
  fs.writeFileSync(scene.paths.run(sampleIds.current), journal.target.after.utf8);
}

const parse = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};
