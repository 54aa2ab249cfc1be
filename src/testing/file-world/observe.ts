import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sampleIds } from '../../graph/alphabet/samples.ts';
import { type ForgeState, isForgeState, isLive, iterationOf } from '../../rules/forge-state.ts';
import { identityOf } from '../../rules/ownership.ts';
import { protocol, stopReasons } from '../../rules/protocol.ts';
import { trimmedText } from '../../rules/text.ts';
import type { Observation, ObservedRun } from '../world.ts';
import { readText, type Scene } from './scene.ts';

const { fields } = protocol;
/**
 * Fields that rules 3 and 7 (src/rules/README.md#rule-3-current-run-active and src/rules/README.md#rule-7-transfer) may
 * take away.
 */
const removable: readonly string[] = [fields.ownerCodexThread, fields.completedAt, fields.stopReason];

/**
 * Looks at a scratch project when no call is running.
 *
 * @param scene - the scratch project
 */
export function observeScene(scene: Scene): Observation {
  const { sessions, lockFolder, own, journals, trails } = scene.paths;
  const found = namesIn(sessions)
    .map((id) => ({ id, path: scene.paths.run(id) }))
    .flatMap(({ id, path }) => {
      const text = readText(path);
      return text === undefined ? [] : [{ id, path, text, run: parse(text) }];
    });
  return {
    runs: found.map(({ id, path, text, run }) => ({
      role: roleOf(id),
      identity: run === undefined ? '' : identityOf(run),
      live: run !== undefined && isLive(run),
      pane: trimmedText(run?.[fields.pane]),
      by: scene.put.get(path) === text ? 'world' : 'call',
    })),
    locked: fs.existsSync(lockFolder),
    leftovers: [...[own, journals, trails].flatMap(tempsIn), ...found.flatMap(({ path }) => besideRun(dirname(path)))],
    unfinished: namesIn(journals).length > 0,
    problems: [
      ...found.filter(({ path, text, run }) => run === undefined && scene.put.get(path) !== text).map(torn),
      ...[...scene.put].flatMap(([path, text]) => lostFields(path, text)),
      ...lostProgress(
        scene,
        found.map(({ run }) => run),
      ),
    ],
  };
}

const torn = ({ path }: { path: string }): string => `promise 3: ${path} was torn by the call`;

const roleOf = (id: string): ObservedRun['role'] =>
  id === sampleIds.current ? 'current' : id === sampleIds.source ? 'source' : 'other';

const namesIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []);

/** Temp files in a folder of ours. */
const tempsIn = (folder: string): string[] =>
  namesIn(folder)
    .filter((name) => name.startsWith('.') && name.endsWith(protocol.files.ownFolder))
    .map((name) => join(basename(folder), name));

const companions: readonly string[] = protocol.companions;

/** What stands beside a run and is not its. */
const besideRun = (folder: string): string[] =>
  namesIn(folder)
    .filter((name) => name !== protocol.files.forgeState && !companions.includes(name))
    .map((name) => join(basename(folder), name));

function lostFields(path: string, text: string): string[] {
  const before = parse(text);
  if (before === undefined) return [];
  const now = readText(path);
  if (now === undefined) return [`promise 2: ${path} is gone`];
  const after = parse(now);
  const gone = Object.keys(before).filter((name) => !removable.includes(name) && !Object.hasOwn(after ?? {}, name));
  return gone.map((name) => `promise 2: ${path} lost its field ${name}`);
}

/** What the source's runtime had counted must be in one of the run's files. */
function lostProgress(scene: Scene, runs: readonly (ForgeState | undefined)[]): string[] {
  const before = parse(scene.put.get(scene.paths.run(sampleIds.source)) ?? '');
  if (before === undefined || !isLive(before)) return [];
  const started = trimmedText(before[fields.startedAt]);
  const kept = runs.filter(
    (run) =>
      run !== undefined && (isLive(run) || isEndedForGood(run)) && trimmedText(run[fields.startedAt]) === started,
  );
  const counted = Math.max(...kept.map((run) => (run && iterationOf(run)) ?? 0));
  return counted >= (iterationOf(before) ?? 0) ? [] : [`promise 2: the run went back to iteration ${counted}`];
}

const isEndedForGood = (run: ForgeState): boolean =>
  (Object.values(stopReasons) as unknown[]).includes(run[fields.stopReason]);

function parse(text: string): ForgeState | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isForgeState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
