/** A project whose owner is hostile, and what is done to it while the attacker rests. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { liveRun } from '../runs.ts';
import type { Kind } from './attacker.ts';
import { secret, walk } from './canary-tree.ts';

/** The agent's id of the one conversation of these projects. */
export const conversation = 's1';

const lockFolder = '.lock.forge-session-resume';

/** A project with one live run in session `s0`, and sessions `s1` to `s3`. */
export class HostileProject {
  readonly root: string;
  readonly stateDir: string;
  readonly #uid: number;

  /**
   * Makes the project.
   *
   * @param root - a folder that is not there yet
   * @param uid - user and group that it belongs to
   */
  constructor(root: string, uid: number) {
    this.root = root;
    this.stateDir = join(root, '.rcs', 'state');
    this.#uid = uid;
    this.#put(join('sessions', 's0', 'forge-state.json'), JSON.stringify(liveRun({ owner_rcs_session_id: 's0' })));
    this.#put(join('sessions', 's0', 'skill-active-state.json'), '{"active":true}');
    for (const id of ['s1', 's2', 's3']) fs.mkdirSync(join(this.stateDir, 'sessions', id));
    for (const path of walk(root)) fs.lchownSync(path, uid, uid);
  }

  /** A lock folder that an older runtime left a minute ago, with something of its own in it. */
  leaveStaleLock(): void {
    this.#put(join(lockFolder, 'owner'), '1.1.aa');
    const then = Date.now() / 1_000 - 60;
    this.#at(lockFolder, (path) => fs.utimesSync(path, then, then));
  }

  /** A late writer brings the run of a session that was left back to life. */
  bringBack(id: string): void {
    this.#put(join('sessions', id, 'forge-state.json'), JSON.stringify(liveRun({ iteration: 6 })));
  }

  /** Files and folders, relative to the project, that a call from one session to the next may use. */
  entries(from: string, to: string): readonly string[] {
    const own = ['', '/lock', '/journal', '/trails', '/quarantine', '/history.jsonl', '/tmp', '/receipts', '/breaking'];
    const names = [`/journal/${from}.${to}.json`, `/trails/${from}.json`, `/trails/${to}.json`, '/journal.json'];
    return [
      ...[...own, ...names].map((name) => `.forge-resume${name}`),
      ...[lockFolder, `${lockFolder}/owner`, 'sessions', 'session.json'],
      ...[from, to].flatMap((id) =>
        ['', '/forge-state.json', '/.forge-state.json.forge-resume', '/skill-active-state.json'].map(
          (name) => `sessions/${id}${name}`,
        ),
      ),
    ].map((path) => join('.rcs', 'state', path));
  }

  /** Files of the project that hold something from outside. */
  leaks(): readonly string[] {
    return [...walk(this.stateDir)].filter(
      (path) => fs.lstatSync(path).isFile() && fs.readFileSync(path, 'latin1').includes(secret),
    );
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  #put(path: string, content: string): void {
    const file = join(this.stateDir, path);
    const folder = dirname(file);
    try {
      fs.mkdirSync(folder, { recursive: true });
      this.#at(path, () => fs.rmSync(file, { force: true }));
      this.#at(path, () => fs.writeFileSync(file, content, { flag: 'wx' }));
      for (const made of [folder, file]) fs.lchownSync(made, this.#uid, this.#uid);
    } catch (error) {
      // What the attacker left in the way is no matter of this test.
      if (fs.existsSync(join(this.root, '.exchange'))) return;
      throw error;
    }
  }

  /** Acts on a path unless a link that was left on the way would lead the test itself outside. */
  #at(path: string, act: (path: string) => void): void {
    const file = join(this.stateDir, path);
    if (fs.realpathSync(dirname(file)) !== dirname(file)) return;
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return;
    act(file);
  }
}

/** What an entry is exchanged for at the n-th call: a link leads to the entry of that name outside, where there is one. */
export function aimOf(decoy: string, entry: string, kind: Kind): string {
  if (entry === join('.rcs')) return join(decoy, 'rcs');
  if (entry === join('.rcs', 'state')) return decoy;
  const within = join(decoy, entry.replace(/^\.rcs\/state\/(\.forge-resume\/?)?/, ''));
  if (kind === 'link' || kind === 'links') return fs.existsSync(within) ? within : join(decoy, 'new');
  return decoy;
}
