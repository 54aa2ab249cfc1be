/** The promises of protocol.md that can be seen on a state directory once every call on it has ended. */
import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { isForgeState, isLive, iterationOf } from '../../src/rules/forge-state.ts';
import { identityOf } from '../../src/rules/ownership.ts';

/** What a test did to a state directory that the checks must know. */
export interface Given {
  /** Every forge-state.json that the test wrote: path, and the bytes it wrote last. */
  readonly put?: ReadonlyMap<string, Buffer>;
  /** The most live runs of one identity that may be left; default 1. */
  readonly liveRuns?: number;
  /** The test itself left a lock folder that is not ours. */
  readonly foreignLock?: boolean;
  /** What the test itself put into our folder and no call may touch. */
  readonly own?: ReadonlySet<string>;
  /** The call was killed or failed where its journal has to stay. */
  readonly openJournal?: boolean;
}

/** 32 entries, each with companions. */
const mostTrailBytes = 16 * 1024;

/** Fields that rules 3 and 7 may take away. */
const removable = ['owner_codex_thread_id', 'completed_at', 'stop_reason'];

/**
 * Looks for broken promises.
 *
 * @param stateDir - a state directory on which no call is running
 * @param given - what the test did to it
 * @returns one sentence for each broken promise; empty if all are kept
 */
export function violations(stateDir: string, given: Given = {}): readonly string[] {
  const files = runFiles(stateDir);
  return [
    ...files.flatMap((file) => tornFile(file, given)),
    ...files.flatMap((file) => lostProgress(file, given)),
    ...tooManyOwners(files, given.liveRuns ?? 1),
    ...files.flatMap(mixedTurns),
    ...litter(stateDir, given),
    ...grownFiles(stateDir),
    ...outside(stateDir, given),
  ];
}

/** The paths of all runs in real folders; links and other odd things are the tests' own. */
function runFiles(stateDir: string): readonly string[] {
  const sessions = join(stateDir, 'sessions');
  if (!kindOf(sessions)?.isDirectory()) return [];
  return readdirSync(sessions, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(sessions, entry.name, 'forge-state.json'))
    .filter((file) => kindOf(file)?.isFile());
}

/** What stands at a path; undefined where nothing does or a folder on the way is none. */
function kindOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** The parsed content of a file; undefined where it does not parse. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function tornFile(file: string, given: Given): readonly string[] {
  const bytes = readFileSync(file);
  if (parsed(bytes) !== undefined || given.put?.get(file)?.equals(bytes)) return [];
  return [`promise 3: ${file} does not parse and is not what the test wrote`];
}

function lostProgress(file: string, given: Given): readonly string[] {
  const put = given.put?.get(file);
  const before = put && parsed(put);
  const after = parsed(readFileSync(file));
  if (!isForgeState(before) || !isForgeState(after)) return [];
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name) && !removable.includes(name));
  const [was, is] = [iterationOf(before), iterationOf(after)];
  return [
    ...gone.map((name) => `promise 2: ${file} lost its field ${name}`),
    ...(was !== undefined && (is === undefined || is < was) ? [`promise 2: ${file} went back to iteration ${is}`] : []),
  ];
}

function tooManyOwners(files: readonly string[], most: number): readonly string[] {
  const owners = new Map<string, string[]>();
  for (const file of files) {
    const run = parsed(readFileSync(file));
    if (!isForgeState(run) || !isLive(run) || identityOf(run) === '') continue;
    owners.set(identityOf(run), [...(owners.get(identityOf(run)) ?? []), file]);
  }
  return [...owners]
    .filter(([, live]) => live.length > most)
    .map(([identity, live]) => `promise 1: ${identity} is live in ${live.join(' and ')}`);
}

function litter(stateDir: string, given: Given): readonly string[] {
  const own = join(stateDir, '.forge-resume');
  const isTemp = (name: string): boolean => /^\..+\.forge-resume$/.test(name);
  const inFolder = (folder: string): readonly string[] => namesIn(folder).map((name) => join(folder, name));
  const sessions = inFolder(join(stateDir, 'sessions')).filter((path) => kindOf(path)?.isDirectory());
  const left = [
    ...(given.foreignLock ? [] : inFolder(stateDir).filter((path) => basename(path) === '.lock.forge-session-resume')),
    ...(given.openJournal ? [] : inFolder(join(own, 'journal'))),
    ...inFolder(own).filter((path) => basename(path) === 'breaking'),
    ...[own, join(own, 'journal'), join(own, 'trails'), ...sessions].flatMap((folder) =>
      inFolder(folder).filter((path) => isTemp(basename(path))),
    ),
  ];
  return left.filter((path) => !given.own?.has(path)).map((path) => `promise 6: ${path} is left over`);
}

const namesIn = (folder: string): readonly string[] => (kindOf(folder)?.isDirectory() ? readdirSync(folder) : []);

/** Whether a run is one turn's: `turn`, where a test writes it, begins with the iteration that its content is from. */
function mixedTurns(file: string): readonly string[] {
  const run = parsed(readFileSync(file));
  if (!isForgeState(run) || typeof run['turn'] !== 'string') return [];
  return Number.parseInt(run['turn'], 10) === iterationOf(run)
    ? []
    : [`promise 2: ${file} mixes ${run['turn']} with iteration ${iterationOf(run)}`];
}

/** What a call with nothing to write reads must stay small, whatever was handed over before. */
function grownFiles(stateDir: string): readonly string[] {
  const own = join(stateDir, '.forge-resume');
  const trails = namesIn(join(own, 'trails')).map((name) => join(own, 'trails', name));
  return trails
    .filter((path) => kindOf(path)?.isFile() && (kindOf(path)?.size ?? 0) > mostTrailBytes)
    .map((path) => `promise 7: ${path} has grown to ${kindOf(path)?.size} bytes`);
}

/** What calls make stands in the state directory, and none of it is a link. */
function outside(stateDir: string, given: Given): readonly string[] {
  const own = join(stateDir, '.forge-resume');
  if (!kindOf(own)?.isDirectory()) return [];
  return readdirSync(own, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !given.own?.has(path))
    .map((path) => `promise 8: ${path} is a link`);
}
