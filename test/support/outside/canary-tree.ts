/** A tree outside of every project, worth following a link to, and a look at whether it was left alone. */
import fs from 'node:fs';
import { join, relative } from 'node:path';
import { liveRun } from '../runs.ts';

/** Stands in every file of a canary tree; nowhere else may it ever stand. */
export const secret = 'canary-secret-5e1f';

const untouched = JSON.stringify(liveRun({ iteration: 1_000, note: secret }));

/** A tree that must stay as it is. */
export interface CanaryTree {
  /** Folder that has an entry for each name that we use. */
  readonly decoy: string;
  /** A regular file. */
  readonly file: string;
  /** What is other than at the last look, one sentence each. */
  readonly changes: () => readonly string[];
}

const files = [
  ...[
    'lock',
    'owner',
    'history.jsonl',
    'journal.json',
    'forge-state.json',
    'skill-active-state.json',
    'run-state.json',
  ],
  ...['.forge-state.json.forge-resume', 'session.json', 'journal/s0.s1.json', 'journal/s1.s2.json', 'trails/s0.json'],
  ...['trails/s1.json', 'trails/s2.json', 'receipts/r.json', 'tmp/run.1.x', 'tmp/deep/er/file', 'quarantine/q/file'],
  ...['breaking/x', '.lock.forge-session-resume/owner', '.forge-resume/lock', '.forge-resume/tmp/file'],
  ...['.forge-resume/history.jsonl', '.forge-resume/journal/s0.s1.json', '.forge-resume/trails/s1.json'],
  ...['0', '1', '2', '3'].flatMap((n) => [
    `s${n}/forge-state.json`,
    `sessions/s${n}/forge-state.json`,
    `rcs/state/sessions/s${n}/forge-state.json`,
  ]),
  ...['logs/forge-resume-2026-01-01.jsonl', 'file'],
];

/**
 * Makes a canary tree.
 *
 * @param root - a folder that is not there yet
 * @param uid - user and group that it belongs to
 */
export function makeCanaryTree(root: string, uid: number): CanaryTree {
  const decoy = join(root, 'decoy');
  for (const name of files) {
    const path = join(decoy, name);
    fs.mkdirSync(join(path, '..'), { recursive: true });
    fs.writeFileSync(path, untouched, { mode: uid === 0 ? 0o600 : 0o644 });
  }
  for (const path of walk(root)) fs.lchownSync(path, uid, uid);
  let before = new Map([...walk(root)].map((path) => [path, factsOf(path)]));
  return {
    decoy,
    file: join(decoy, 'file'),
    changes: () => {
      const now = new Map([...walk(root)].map((path) => [path, factsOf(path)]));
      const changed = [...new Set([...before.keys(), ...now.keys()])]
        .filter((path) => before.get(path) !== now.get(path))
        .map((path) => `${relative(root, path)}: ${before.get(path) ?? 'not there'} -> ${now.get(path) ?? 'gone'}`);
      before = now;
      return changed;
    },
  };
}

/** Everything of a tree, its root included; links are not followed. */
export function* walk(root: string): Generator<string> {
  yield root;
  if (!fs.lstatSync(root).isDirectory()) return;
  for (const name of fs.readdirSync(root)) yield* walk(join(root, name));
}

/** All but the time of the last read, which a look may move. */
function factsOf(path: string): string {
  const { ino, mode, uid, gid, nlink, size, mtimeNs, ctimeNs } = fs.lstatSync(path, { bigint: true });
  const facts = { ino, mode: mode.toString(8), uid, gid, nlink, size, mtimeNs, ctimeNs };
  const content = (mode & 0o170000n) === 0o100000n ? fs.readFileSync(path, 'utf8') : '';
  return `${Object.entries(facts).flat().join(' ')} ${content === untouched ? '' : content}`;
}
