import { lstatSync } from 'node:fs';
import { type ForgeState, isForgeState, isLive, isTerminalPhase, phaseOf } from '../../../rules/forge-state.ts';
import { identityOf } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { trimmedText } from '../../../rules/text.ts';
import { eachRun } from '../../../store/file/files/each-run.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { JsonContent } from '../../../store/file/files/json-file.ts';
import { livenessOf, type OwnerSurroundings } from '../../../store/file/files/owner-evidence.ts';
import { whyUnsafe } from '../../../store/file/files/passed-over.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { sightOf } from '../../../store/file/files/state-file.ts';
import { journalsOf } from '../status-facts.ts';
import { type Finding, finding } from './finding.ts';
import { isOld, settledMs } from './is-old.ts';
import { leftInSession } from './leftover-findings.ts';
import { changingRun, endingOne } from './machine-remedies.ts';
import { settingAside } from './remedies.ts';
import { whyUnreadable } from './why-unreadable.ts';

const { fields } = protocol;
const { sessionsFolder, forgeState } = protocol.files;

interface LiveRun {
  readonly id: string;
  readonly sight: string;
}

/**
 * What is wrong with the runs of a state directory. What other programs are writing just now is left out.
 *
 * @param paths - the state directory's
 * @param around - what is asked about every owner alike
 */
export function runFindings(paths: StatePaths, around: OwnerSurroundings): Finding[] {
  const found: Finding[] = [];
  const live = new Map<string, LiveRun[]>();
  for (const { id, read } of eachRun(paths)) {
    const file = paths.run(id);
    found.push(...leftInSession(paths, id, around.now));
    if (read.kind === 'unreadable' && isOld(file, around.now)) found.push(unreadable(paths, id));
    if (read.kind !== 'json' || !isForgeState(read.value)) continue;
    if (isLive(read.value) && identityOf(read.value) !== '') {
      const key = identityOf(read.value);
      live.set(key, [...(live.get(key) ?? []), { id, sight: sightOf(read.file.stat) }]);
    }
    if (around.now - Number(read.file.stat.mtimeMs) > settledMs) {
      found.push(...contentFindings(paths, id, read, read.value, around));
    }
  }
  return [...found, ...twoOwners(paths, live)];
}

function unreadable(paths: StatePaths, id: string): Finding {
  const file = paths.run(id);
  const illness = whyUnsafe(file) === undefined ? 'FR003' : 'FR004';
  return finding(
    illness,
    file,
    whyUnreadable(file),
    settingAside(paths, [sessionsFolder, id, forgeState], id, illness),
  );
}

function contentFindings(
  paths: StatePaths,
  id: string,
  read: JsonContent,
  run: ForgeState,
  around: OwnerSurroundings,
): Finding[] {
  if (run[fields.active] !== true) return [];
  const file = paths.run(id);
  const phase = phaseOf(run);
  if (isTerminalPhase(phase)) {
    const evidence = `${fields.active} is true, ${fields.phase} is ${phase}`;
    return [finding('FR006', file, evidence, changingRun(paths, id, 'end', 'FR006'))];
  }
  const found: Finding[] = [];
  const owner = trimmedText(run[fields.ownerRcsSession]);
  if (owner !== '' && owner !== id) {
    const evidence = `${fields.ownerRcsSession} is ${owner}, the folder is that of ${id}`;
    found.push(finding('FR007', file, evidence, changingRun(paths, id, 'refresh', 'FR007')));
  }
  const { sign } = livenessOf(id, read, around);
  if (sign === 'pane_gone' || sign === 'pane_without_agent') {
    const what = sign === 'pane_gone' ? 'is not there any more' : 'has no agent in it';
    const evidence = `pane ${trimmedText(run[fields.pane])} ${what}`;
    found.push(finding('FR008', file, evidence, endingOne(paths, [id])));
  }
  return found;
}

/** During a hand-over both are live, but then there is a journal, as long as the first one stands as it was seen. */
function twoOwners(paths: StatePaths, live: ReadonlyMap<string, readonly LiveRun[]>): Finding[] {
  return [...live].flatMap(([identity, runs]) => {
    if (runs.length < 2) return [];
    const journals = journalsOf(paths);
    const isMoving = runs.some(({ id }) => journals.some(({ source, target }) => source === id || target === id));
    const isStill = runs.every(({ id, sight }) => sightAt(paths.run(id)) === sight);
    if (isMoving || !isStill) return [];
    const sessions = runs.map(({ id }) => id).sort();
    const evidence = `${identity} is live in ${sessions.join(' and ')}`;
    return [finding('FR001', paths.run(sessions[0] ?? ''), evidence, endingOne(paths, sessions))];
  });
}

const sightAt = (path: string): string | undefined => attempt(() => sightOf(lstatSync(path, { bigint: true })));
