/** A scratch project for one test, checked against the promises and removed when the test is over. */
import fs from 'node:fs';
import os from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { type Given, violations } from './invariants.ts';

// A call whose `env` names no pane starts from the process's own; no test may depend on the pane it runs in.
delete process.env['TMUX_PANE'];

/** A run's or record's content: text and bytes are written as they are, anything else as JSON. */
export type Content = string | Buffer | object;

/** A call in the words of the tests; everything else goes to the library as it is. */
export interface CallOptions extends Omit<ReconcileOptions, 'stateDir'> {
  /** `RCS_SESSION_ID` of the call; default `now`. */
  readonly current?: string;
  readonly session?: unknown;
  readonly thread?: unknown;
  /** `TMUX_PANE` of the call; none by default. */
  readonly pane?: string;
  readonly stateDir?: string;
}

/** A project folder with its state directory, and what a test does to them. */
export class Sandbox {
  readonly project: string;
  readonly stateDir: string;
  /** What the promises are judged with after the test; see {@link declare}. */
  #given: Given = {};
  readonly #put = new Map<string, Buffer>();

  constructor(project: string) {
    this.project = project;
    this.stateDir = join(project, '.rcs', 'state');
  }

  /** A path below the state directory. */
  path(...parts: readonly string[]): string {
    return join(this.stateDir, ...parts);
  }

  /** The path of a session's run. */
  runFile(id: string): string {
    return this.path('sessions', id, 'forge-state.json');
  }

  /** Makes the folders of sessions. */
  putSessions(...ids: readonly string[]): void {
    for (const id of ids) fs.mkdirSync(this.path('sessions', id), { recursive: true });
  }

  /** Writes a session's run in place, as the runtime does; returns its path. */
  putRun(id: string, content: Content): string {
    const file = this.runFile(id);
    const bytes = toBytes(content);
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    this.#put.set(file, bytes);
    return file;
  }

  /** Leaves our folder as a call that took the lock leaves it. */
  putOwnFolder(): void {
    fs.mkdirSync(this.path('.forge-resume'), { recursive: true });
    fs.writeFileSync(this.path('.forge-resume', 'lock'), '');
  }

  /** Writes `session.json`. */
  putRecord(content: Content): void {
    fs.writeFileSync(this.path('session.json'), toBytes(content));
  }

  /** Makes the lock folder as another program would; returns its path. */
  putLock(owner?: string, ageMs = 0): string {
    const lock = this.path('.lock.forge-session-resume');
    fs.mkdirSync(lock);
    if (owner !== undefined) fs.writeFileSync(join(lock, 'owner'), owner);
    const time = (Date.now() - ageMs) / 1000;
    fs.utimesSync(lock, time, time);
    return lock;
  }

  /** The text of a session's run; undefined where there is none. */
  raw(id: string): string | undefined {
    const file = this.runFile(id);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  }

  /** The parsed run of a session. */
  run(id: string): Record<string, unknown> {
    return JSON.parse(fs.readFileSync(this.runFile(id), 'utf8'));
  }

  /** Everything that stands below the project, relative to it, folders with a final slash. */
  tree(): readonly string[] {
    return [...walk(this.project)].map(
      ([path, stat]) => relative(this.project, path) + (stat.isDirectory() ? '/' : ''),
    );
  }

  /**
   * What stands below the project, except our own folder: kind, inode, mode, time and bytes of everything, so that
   * two equal snapshots mean that nothing was touched.
   */
  snapshot(): Record<string, string> {
    const own = this.path('.forge-resume');
    const facts = [...walk(this.project)].filter(([path]) => !path.startsWith(own));
    return Object.fromEntries(facts.map(([path, stat]) => [relative(this.project, path), describe(path, stat)]));
  }

  /** Tells the check after the test what this test leaves behind on purpose. */
  declare(given: Given): void {
    this.#given = { ...this.#given, ...given };
  }

  /** Calls the library for session `now` of this project. */
  call(options: CallOptions = {}): Promise<ReconcileResult> {
    const { current = 'now', session = '', thread = '', pane, ...rest } = options;
    return reconcileForgeSessionResume({
      stateDir: this.stateDir,
      payloadSessionId: session,
      payloadThreadId: thread,
      env: { RCS_SESSION_ID: current, ...(pane === undefined ? {} : { TMUX_PANE: pane }) },
      ...rest,
    });
  }

  /** The promises that do not hold. */
  violations(): readonly string[] {
    return violations(this.stateDir, { put: this.#put, ...this.#given });
  }
}

/**
 * Makes a project with an empty state directory. After the test every promise is checked and the project removed.
 *
 * @param options - `stateDir: false` leaves the state directory to the test
 */
export function makeSandbox(options: { readonly stateDir?: boolean } = {}): Sandbox {
  const sandbox = new Sandbox(fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'forge-resume-'))));
  if (options.stateDir !== false) fs.mkdirSync(sandbox.stateDir, { recursive: true });
  onTestFinished(() => {
    try {
      expect(sandbox.violations()).toEqual([]);
    } finally {
      fs.rmSync(sandbox.project, { recursive: true, force: true });
    }
  });
  return sandbox;
}

function toBytes(content: Content): Buffer {
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

function* walk(folder: string): Generator<readonly [string, fs.BigIntStats]> {
  for (const name of fs.readdirSync(folder).sort()) {
    const path = join(folder, name);
    const stat = fs.lstatSync(path, { bigint: true });
    yield [path, stat];
    if (stat.isDirectory()) yield* walk(path);
  }
}

function describe(path: string, stat: fs.BigIntStats): string {
  // A folder's own time changes with every lock and temp file; what stands in it is compared instead.
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return `link to ${fs.readlinkSync(path)}`;
  if (!stat.isFile()) return 'special';
  const content = stat.size > 65_536n ? `${stat.size} bytes` : fs.readFileSync(path, 'utf8');
  return `file ${stat.ino} ${stat.mode.toString(8)} ${stat.mtimeNs} ${content}`;
}
