import fs from 'node:fs';
import type { RecoveryOutcome } from '../../../machines/contract.ts';
import { sampleIds } from '../../graph/alphabet/samples.ts';
import { isForgeState, isLive, startOf } from '../../rules/forge-state.ts';
import { protocol } from '../../rules/protocol.ts';
import { keeps, leftBehind, sights, type Trail } from '../../rules/trail.ts';
import { earlierTransfer } from './journals.ts';
import { endedRun, garbage, identities, liveRun, ownStart, type RunFields } from './runs.ts';
import { readText, type Scene } from './scene.ts';

const { fields } = protocol;
const { source, current } = sampleIds;
const [prior, later] = ['prior', 'later'];
const unrelated = liveRun({ [fields.ownerRcsSession]: prior, [fields.ownerCodexSession]: identities.foreign });

const earlier = earlierTransfer(prior, later, unrelated);

/** What an earlier call left of a transfer: its journal, and the two runs as they were then. */
const leave =
  (before: string, target: string | undefined) =>
  (scene: Scene): void => {
    scene.putOwn(scene.journal(prior, later), JSON.stringify(earlier.journal));
    scene.putRun(prior, before);
    if (target === undefined) scene.takeRun(later);
    else scene.putRun(later, target);
  };

/**
 * What an earlier call left when it was killed, by what `recover` must make of it. The runs belong to another
 * conversation, so that they change nothing else; only an undone transfer is the caller's own.
 */
export const unfinished: Readonly<Record<RecoveryOutcome, (scene: Scene) => void>> = {
  dropped: leave(earlier.before, undefined),
  completed: leave(earlier.before, earlier.targetAfter),
  restored: leave(earlier.sourceAfter, undefined),
  finished: leave(earlier.sourceAfter, earlier.targetAfter),
  undone: (scene) => {
    const run = liveRun({ ...ownStart, [fields.startedAt]: '2025-12-30T00:00:00.000Z' });
    const { journal, before, targetAfter } = earlierTransfer(scene.party, later, run);
    scene.putOwn(scene.journal(scene.party, later), JSON.stringify(journal));
    scene.putRun(scene.party, before);
    scene.putAsCall(later, targetAfter);
  },
  quarantined: (scene) => scene.putOwn(scene.journal(prior, later), garbage),
  copy_ended: (scene) => {
    // A run was handed over to the session, and a late writer brought the prior one back to life.
    const { targetAfter, before } = earlierTransfer(prior, scene.party, unrelated);
    putTrail(scene, scene.party, keeperTrail(unrelated, prior));
    scene.putRun(scene.party, targetAfter);
    scene.putRun(prior, before);
  },
};

const putTrail = (scene: Scene, id: string, trail: Trail): void =>
  scene.putOwn(scene.paths.trail(id), JSON.stringify(trail));

const keeperTrail = (run: RunFields, from: string): Trail =>
  keeps(undefined, '', startOf(run), {
    session: from,
    transferId: earlier.journal.transferId,
    at: earlier.journal.at,
    companions: {},
    seen: sights.unknown,
  });

/** Where a copy of the calling conversation's run is, and where the run itself went. */
export const copyIds = { copy: 'copy', keeper: sampleIds.other } as const;

/**
 * Brings a copy of the calling conversation's run back to life of which a trail speaks; the run itself went to another
 * conversation, so that it is no candidate.
 *
 * @param scene - the scratch project
 */
export function leaveCopy(scene: Scene): void {
  const started = { [fields.startedAt]: '2025-12-31T00:00:00.000Z' };
  const run = liveRun({ ...started, [fields.ownerRcsSession]: copyIds.copy });
  putTrail(scene, copyIds.copy, leftBehind(copyIds.keeper, undefined));
  putTrail(scene, copyIds.keeper, keeperTrail(run, copyIds.copy));
  scene.putRun(copyIds.copy, run);
  const keeper = { [fields.ownerRcsSession]: copyIds.keeper, [fields.ownerCodexSession]: identities.foreign };
  scene.putRun(copyIds.keeper, liveRun({ ...started, ...keeper }));
}

/**
 * Whoever took our lock away has settled what we had begun, by undoing it.
 *
 * @param scene - the scratch project
 */
export function settleByOther(scene: Scene): void {
  const journal = scene.journal(source, current);
  if (readText(journal) === undefined) return;
  fs.rmSync(journal);
  const run = parse(scene.readRun(source));
  if (isForgeState(run) && isLive(run)) scene.takeRun(current);
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
 */
function ensureTarget(scene: Scene): void {
  if (scene.readRun(sampleIds.current) !== undefined) return;
  const journal = parse(readText(scene.journal(source, current))) as { targetAfter: { utf8: string } } | undefined;
  if (journal === undefined) return;
  fs.mkdirSync(scene.paths.session(sampleIds.current), { recursive: true });
  fs.writeFileSync(scene.paths.run(sampleIds.current), journal.targetAfter.utf8);
}

const parse = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};
