import { isForgeState, isLive } from '../../src/rules/forge-state.ts';
import { identityOf } from '../../src/rules/ownership.ts';
import type { Answer } from './child/job.ts';
import { identity, type Scenario } from './scenarios.ts';
import type { Reference } from './start-state.ts';
import { type Tree, textIn } from './tree.ts';

const lockFolder = '.lock.forge-session-resume';
const ownFolder = '.forge-resume';
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** Instants written by calls of this test run, as opposed to those in fixtures. */
const fresh = { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 };

/** Every file that is not ours alone, temp files included, with the instants that calls wrote made equal. */
export function sharedFiles(tree: Tree): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const path of tree.keys()) {
    const text = textIn(tree, path);
    if (text === undefined || path.startsWith(ownFolder) || path.startsWith(lockFolder)) continue;
    if (path.endsWith(ownFolder)) continue;
    files.set(path, text.replace(instant, levelled));
  }
  return files;
}

const levelledText = (data: Buffer): string => data.toString('utf8').replace(instant, levelled);

function levelled(found: string): string {
  const time = Date.parse(found);
  return time > fresh.from && time < fresh.to ? '<now>' : found;
}

/**
 * What is wrong with a state right after a crash: every file that others share must be as it was before the call, or
 * as the call or the one after it makes it, in the end or on the way; never torn, never poorer (promises 2 and 3).
 *
 * @param tree - the state
 * @param reference - the same scenario without a crash
 */
export function afterCrash(tree: Tree, reference: Reference): string[] {
  const written = [...reference.crashLog, ...reference.log].flatMap(({ name, path, data }) => {
    const temp = /^(.*\/)\.([^/]+)\.forge-resume$/.exec(path);
    return temp === null || name !== 'write' ? [] : [[`${temp[1]}${temp[2]}`, levelledText(data)] as const];
  });
  const allowed = [reference.laid, reference.start, reference.afterCall, reference.afterNext].map(sharedFiles);
  const now = sharedFiles(tree);
  const paths = new Set([...now.keys(), ...allowed.flatMap((files) => [...files.keys()])]);
  return [...paths].flatMap((path) => {
    if (allowed.some((files) => files.get(path) === now.get(path))) return [];
    if (written.some(([file, text]) => file === path && text === now.get(path))) return [];
    return [`${path} is neither old nor new: ${brief(now.get(path))}`];
  });
}

/**
 * What is wrong once an ordinary call has followed a crash: it must not have failed, and must leave what it would have left without the crash, with the identity live where it should be (promise 1), no litter
 * (promise 6), and everything in quarantine that would be there anyway (promise 2).
 *
 * @param tree - the state
 * @param reference - the same scenario without a crash
 * @param scenario - the scenario
 * @param answer - of the ordinary call; undefined where it was made elsewhere
 */
export function afterNextCall(tree: Tree, reference: Reference, scenario: Scenario, answer?: Answer): string[] {
  const found: string[] = [];
  if (answer?.error) found.push(`the next call failed: ${answer.error.code} ${answer.error.message}`);
  const live = liveSessions(tree);
  if (live.join() !== scenario.live.join()) found.push(`live in [${live}], not in [${scenario.live}]`);
  const expected = sharedFiles(reference.afterNext);
  const now = sharedFiles(tree);
  for (const path of new Set([...expected.keys(), ...now.keys()])) {
    if (expected.get(path) !== now.get(path)) found.push(`${path} ended as ${brief(now.get(path))}`);
  }
  found.push(...litter(tree));
  if (quarantined(tree) < quarantined(reference.afterNext)) found.push('something is missing in quarantine');
  return found;
}

/** Ids of the sessions in which the scenarios' identity is live. */
export function liveSessions(tree: Tree): string[] {
  const names = [`session:${identity.session}`, `thread:${identity.thread}`];
  return [...tree.keys()].flatMap((path) => {
    const id = /^sessions\/([^/]+)\/forge-state\.json$/.exec(path)?.[1];
    if (id === undefined) return [];
    const run = parsed(textIn(tree, path));
    return isForgeState(run) && isLive(run) && names.includes(identityOf(run)) ? [id] : [];
  });
}

/**
 * What a call that ended normally must not leave.
 *
 * @param tree - the state
 * @param excused - paths that may stand for once
 */
export function litter(tree: Tree, excused: ReadonlySet<string> = new Set()): string[] {
  const lasting = /^\.forge-resume(\/(lock|journal|history(\.1)?\.jsonl|trails(\/[^/.]+\.json)?|quarantine(\/.*)?))?$/;
  const shared = /^(\.|session\.json|sessions(\/[^/]+(\/(forge|run|skill-active)-state\.json)?)?)$/;
  return [...tree.keys()].flatMap((path) => {
    // One that cannot be emptied is put beside (protocol.md, "Lock").
    if (excused.has(path) || /^\.lock\.forge-session-resume\.[0-9a-f]+/.test(path)) return [];
    if (path.startsWith(lockFolder)) return [`left over: ${path}`];
    if (path.startsWith(ownFolder)) return lasting.test(path) ? [] : [`left over: ${path}`];
    return shared.test(path) ? [] : [`left over: ${path}`];
  });
}

function brief(text: string | undefined): string {
  const one = text?.replace(/\s+/g, ' ') ?? '(absent)';
  return one.length > 160 ? `${one.slice(0, 160)} ...` : one;
}

function quarantined(tree: Tree): number {
  return [...tree].filter(([path, { kind }]) => kind === 'file' && path.startsWith(`${ownFolder}/quarantine/`)).length;
}

/** Parsed JSON, undefined where it does not parse. */
export function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
