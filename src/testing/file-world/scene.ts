import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sampleIds } from '../../graph/alphabet/samples.ts';
import { journalName } from '../../rules/journal.ts';
import { protocol } from '../../rules/protocol.ts';
import { type StatePaths, statePaths } from '../../store/file/files/paths.ts';
import type { Undo } from '../world.ts';
import type { RunFields } from './runs.ts';

/** A scratch project on disk, and what other programs do to it. */
export class Scene {
  readonly project: string = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'forge-world-')));
  readonly paths: StatePaths = statePaths(join(this.project, '.rcs', 'state'));
  /** Environment of the calls; the current session is in `session.json`. */
  readonly env: Record<string, string | undefined> = {};
  /** The bytes that the world wrote last, by run file; those that it took away again are not in it. */
  readonly put = new Map<string, string>();
  /** The session that the call is about. */
  party: string = sampleIds.current;
  abort = new AbortController();
  #aside = 0;

  constructor() {
    fs.mkdirSync(this.paths.sessions, { recursive: true });
    this.nameCurrent();
  }

  /** The runtime says which session is current. */
  nameCurrent(): void {
    fs.writeFileSync(this.paths.sessionRecord, JSON.stringify({ session_id: sampleIds.current }));
  }

  /** The runtime writes a run in place, as it does: without any lock. */
  putRun(id: string, run: RunFields | string): void {
    const path = this.paths.run(id);
    const text = typeof run === 'string' ? run : JSON.stringify(run, null, 2);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
    // Old enough that nobody waits for it to become whole.
    const past = Date.now() / 1000 - 60;
    fs.utimesSync(path, past, past);
    this.put.set(path, text);
  }

  /** Puts a run there as an earlier call did: no later one has to keep it. */
  putAsCall(id: string, text: string): void {
    this.putRun(id, text);
    this.put.delete(this.paths.run(id));
  }

  /** Like {@link putRun}, where the run does not stand there already. */
  ensureRun(id: string, run: RunFields): void {
    if (this.put.get(this.paths.run(id)) !== JSON.stringify(run, null, 2)) this.putRun(id, run);
  }

  /** The runtime removes a run. */
  takeRun(id: string): void {
    fs.rmSync(this.paths.run(id), { force: true });
    this.put.delete(this.paths.run(id));
  }

  /** The text of a run; undefined where there is none. */
  readRun(id: string): string | undefined {
    return readText(this.paths.run(id));
  }

  /** A file of ours. */
  own(...names: readonly string[]): string {
    return join(this.paths.own, ...names);
  }

  /** The journal of a transfer. */
  journal(priorId: string, currentId: string): string {
    return join(this.paths.journals, journalName(priorId, currentId));
  }

  /** The files that go with the prior session's run are there, or are not. */
  setCompanions(present: boolean): void {
    for (const name of protocol.companions) {
      const path = join(this.paths.session(sampleIds.source), name);
      if (present) fs.writeFileSync(path, '{"a": "file of the runtime"}');
      else fs.rmSync(path, { force: true });
    }
  }

  /** The prior session's runtime counts on. */
  advanceSource(): void {
    const run = JSON.parse(this.put.get(this.paths.run(sampleIds.source)) ?? '{}') as Record<string, unknown>;
    const { iteration } = protocol.fields;
    this.putRun(sampleIds.source, { ...run, [iteration]: Number(run[iteration]) + 1 });
  }

  /** The prior session's runtime writes something that can be read but is nested too deep to be written. */
  nestSource(): void {
    const text = this.put.get(this.paths.run(sampleIds.source)) ?? '{}';
    const depth = 50_000;
    this.putRun(sampleIds.source, text.replace(/\}$/, `,"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`));
  }

  /** Writes a file of ours, with its folder. */
  putOwn(path: string, content: string): void {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, content);
  }

  /** Takes something away for a while. */
  moveAside(path: string): Undo {
    this.#aside += 1;
    const aside = join(this.project, `aside-${this.#aside}`);
    const wasThere = fs.existsSync(path);
    if (wasThere) fs.renameSync(path, aside);
    return () => {
      if (!wasThere) return;
      fs.rmSync(path, { recursive: true, force: true });
      fs.renameSync(aside, path);
    };
  }

  /** Puts something that does not belong there in the place of a file or folder for a while. */
  obstruct(path: string, by: 'file' | 'folder' | 'link'): Undo {
    const restore = this.moveAside(path);
    fs.mkdirSync(dirname(path), { recursive: true });
    if (by === 'file') fs.writeFileSync(path, '');
    else if (by === 'folder') fs.mkdirSync(path);
    else fs.symlinkSync(this.project, path);
    return () => {
      fs.rmSync(path, { recursive: true, force: true });
      restore();
    };
  }

  /** Another program holds the lock folder for a while. */
  occupyLock(): Undo {
    fs.rmSync(this.paths.lockFolder, { recursive: true, force: true });
    fs.mkdirSync(this.paths.lockFolder);
    fs.writeFileSync(
      join(this.paths.lockFolder, protocol.files.lockOwner),
      `${process.pid}.${Date.now()}.${randomBytes(4).toString('hex')}`,
    );
    return () => this.removeLock();
  }

  /** Another program takes the lock folder away, holds the lock for a while, and puts back what it took. */
  stealLock(): Undo {
    const restore = this.moveAside(this.paths.lockFolder);
    const leave = this.occupyLock();
    return () => {
      leave();
      restore();
    };
  }

  /** Somebody removes the lock folder. */
  removeLock(): void {
    fs.rmSync(this.paths.lockFolder, { recursive: true, force: true });
  }

  /** Removes everything. */
  remove(): void {
    fs.rmSync(this.project, { recursive: true, force: true });
  }
}

/**
 * The text of a file.
 *
 * @param path - the file
 * @returns undefined where there is none
 */
export function readText(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
