/** Files outside the state directory that must be neither read nor written. */
import fs from 'node:fs';
import { join } from 'node:path';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** What stands outside, and a look at whether it was left alone. */
export interface Canary {
  /** A file that links may point to. */
  readonly file: string;
  /** A folder that links may point to. */
  readonly folder: string;
  /** Takes down how everything outside is now; to be called when the test has arranged its things. */
  arm(): void;
  /** What was read, written, made or removed outside since. */
  touched(): readonly string[];
}

/**
 * Makes files outside the state directory that would be worth following a link to.
 *
 * @param sandbox - the project
 * @param content - what the file holds
 */
export function makeCanary(sandbox: Sandbox, content: string = JSON.stringify(liveRun())): Canary {
  const outside = join(sandbox.project, 'outside');
  const folder = join(outside, 'folder');
  fs.mkdirSync(join(folder, 'now'), { recursive: true });
  fs.mkdirSync(join(folder, 'old'), { recursive: true });
  const file = join(outside, 'file');
  const run = JSON.stringify(liveRun());
  for (const path of [
    file,
    ...['forge-state.json', 'old/forge-state.json', 'owner', 'x'].map((p) => join(folder, p)),
  ]) {
    fs.writeFileSync(path, path === file ? content : run);
  }
  let before: ReadonlyMap<string, Facts> = new Map();
  return {
    file,
    folder,
    arm: () => {
      const contents = outsideOf(sandbox).map((path) => [path, contentOf(path)] as const);
      for (const [path] of contents) makeOld(path);
      before = new Map(contents.map(([path, content]) => [path, { stat: statOf(path), content }]));
    },
    touched: () => {
      // All times first: the look at the contents is a read itself.
      const seen = [...before].map(([path, facts]) => [path, facts, statOf(path)] as const);
      return [
        ...seen
          .filter(([, facts, now]) => facts.stat !== now)
          .map(([path, facts, now]) => `${path}: ${facts.stat} -> ${now}`),
        ...seen.filter(([path, facts]) => facts.content !== contentOf(path)).map(([path]) => `${path}: other content`),
        ...outsideOf(sandbox)
          .filter((path) => !before.has(path))
          .map((path) => `${path} is new`),
      ];
    },
  };
}

interface Facts {
  readonly stat: string;
  readonly content: string;
}

/** Read before they were last written, so that `relatime` mounts take down the next read. */
function makeOld(path: string): void {
  fs.lutimesSync(path, new Date('2001-01-01'), new Date('2002-01-01'));
}

/** Everything below the project except the state directory and the folders on the way to it. */
function outsideOf(sandbox: Sandbox): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (path === sandbox.stateDir) continue;
      if (!sandbox.stateDir.startsWith(path)) found.push(path);
      if (entry.isDirectory()) walk(path);
    }
  };
  walk(sandbox.project);
  return found;
}

function statOf(path: string): string {
  const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return 'gone';
  const { ino, mode, uid, nlink, size, mtimeNs, atimeNs } = stat;
  return `ino ${ino} mode ${mode} uid ${uid} links ${nlink} size ${size} written ${mtimeNs} read ${atimeNs}`;
}

function contentOf(path: string): string {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(path, 'latin1') : '';
}

/** Whether this mount takes down when a file was read; where it does not, only writes can be seen. */
export function readsShow(folder: string): boolean {
  const path = join(folder, 'atime-probe');
  fs.writeFileSync(path, 'x');
  makeOld(path);
  fs.readFileSync(path);
  const shows = fs.lstatSync(path).atimeMs !== new Date('2001-01-01').getTime();
  fs.unlinkSync(path);
  return shows;
}
