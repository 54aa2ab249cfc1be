/** The runtime's part of a sequence: it starts, counts, ends and brings back runs, without any lock. */
import fs from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from '../support/sandbox.ts';
import { copiesOf, type Found, readRuns } from './disk.ts';
import type { Step } from './step.ts';

/** One run as a person would think of it, wherever its copies are. */
export interface LogicalRun {
  readonly start: string;
  /** Highest number that its runtime has written into the copy that was the run. */
  high: number;
  /** Its runtime has ended it. */
  finished: boolean;
  /** A copy was brought back, a folder removed, a transfer undone or the clock turned: some answers are then open. */
  odd: boolean;
}

/** A step that is a foreign write. */
export type ForeignStep = Exclude<Step, { do: 'call' | 'kill' | 'command' }>;

/** A state directory as its runtime writes it, and what it knows of its runs. */
export class Runtime {
  readonly sandbox: Sandbox;
  readonly runs = new Map<string, LogicalRun>();
  #touches = 0;
  readonly #handedOver: { readonly session: string; readonly text: string }[] = [];

  constructor(project: string) {
    this.sandbox = new Sandbox(project);
    fs.mkdirSync(this.sandbox.stateDir, { recursive: true });
  }

  /** Lets a foreign write happen, if it can. */
  act(step: ForeignStep, nowMs: number): void {
    const found = readRuns(this.sandbox);
    const live = found.filter((one) => one.live);
    const at = (index: number): Found | undefined => live[index % Math.max(1, live.length)];
    switch (step.do) {
      case 'launch':
        this.launch(`p${step.session}`, step.identity, nowMs);
        break;
      case 'turn':
        this.#turn(at(step.run), step);
        break;
      case 'finish':
        this.#finish(at(step.run), step.phase, step.active);
        break;
      case 'resurrect':
        this.#resurrect(step.copy, step.ahead);
        break;
      case 'remove':
        this.#remove(`p${step.session}`, live);
        break;
      case 'archive':
        this.#archive(`p${step.session}`, found);
        break;
      case 'restore':
        this.#restore(`p${step.session}`);
        break;
      case 'age':
        this.#age(`p${step.session}`, step.seconds);
    }
  }

  /** Starts a run, unless a live one is there. */
  launch(session: string, identity: number, nowMs: number): void {
    if (readRuns(this.sandbox).some((one) => one.session === session && one.live)) return;
    const start = new Date(nowMs).toISOString();
    const owner = identity === 2 ? { owner_codex_thread_id: 't2' } : { owner_codex_session_id: `s${identity}` };
    this.runs.set(start, { start, high: 1, finished: false, odd: false });
    this.write(session, {
      active: true,
      current_phase: 'building',
      iteration: 1,
      turn: `1.${session}`,
      started_at: start,
      owner_rcs_session_id: session,
      ...owner,
      note: { of: start },
    });
  }

  /** A turn in whichever copy of each of these runs the runtime happens to be in. */
  turnAll(before: readonly Found[]): void {
    const starts = before.filter((one) => one.live).map((one) => String(one.run['started_at']));
    for (const start of new Set(starts)) {
      const one = copiesOf(readRuns(this.sandbox), start).at(-1);
      if (one !== undefined) this.turnAt(one.session);
    }
  }

  /** A turn in one copy; where nothing odd happened to its run, it must never be lost. */
  turnAt(session: string): void {
    const run = this.sandbox.run(session);
    const iteration = Number(run['iteration']) + 1;
    this.write(session, { ...run, iteration, turn: `${iteration}.${session}` });
    const logical = this.runs.get(String(run['started_at']));
    if (logical && !logical.odd) logical.high = Math.max(logical.high, iteration);
  }

  /** Sources that a call has ended are what a late writer may bring back. */
  remember(before: readonly Found[]): void {
    for (const { session, text, live } of before) {
      const raw = this.sandbox.raw(session);
      if (live && raw?.includes('ownership_transferred')) this.#handedOver.push({ session, text });
    }
  }

  /** The run of which something is a copy. */
  logical(one: Found): LogicalRun {
    const run = this.runs.get(String(one.run['started_at']));
    if (run === undefined) throw new Error(`${one.session} holds a run that nobody started`);
    return run;
  }

  /** Some answers about every run are open from now on. */
  markOdd(): void {
    for (const run of this.runs.values()) run.odd = true;
  }

  /** Writes a run in place. */
  write(session: string, run: object): void {
    fs.mkdirSync(this.sandbox.path('sessions', session), { recursive: true });
    fs.writeFileSync(this.sandbox.runFile(session), JSON.stringify(run, null, 2));
  }

  #turn(one: Found | undefined, { byRename, counts }: Extract<Step, { do: 'turn' }>): void {
    if (one === undefined) return;
    this.#touches += 1;
    const iteration = Number(one.run['iteration']) + (counts ? 1 : 0);
    const counted = { ...one.run, iteration, turn: `${iteration}.${one.session}.${this.#touches}` };
    if (byRename) this.#putByRename(one.session, counted);
    else this.write(one.session, counted);
    const run = this.logical(one);
    if (copiesOf(readRuns(this.sandbox), run.start).length === 1) run.high = Math.max(run.high, iteration);
  }

  #finish(one: Found | undefined, phase: string, active: boolean): void {
    if (one === undefined) return;
    this.write(one.session, { ...one.run, current_phase: phase, active });
    this.logical(one).finished = true;
  }

  #resurrect(index: number, ahead: number): void {
    const copy = this.#handedOver[index % Math.max(1, this.#handedOver.length)];
    if (copy === undefined || !fs.existsSync(this.sandbox.runFile(copy.session))) return;
    const there = this.sandbox.run(copy.session);
    const run = JSON.parse(copy.text) as Record<string, unknown>;
    // A late writer writes what it had read; it does not undo a run that was started anew, nor one that is live.
    if (there['started_at'] !== run['started_at'] || there['active'] === true) return;
    const iteration = Number(run['iteration']) + ahead;
    this.write(copy.session, { ...run, iteration, turn: `${iteration}.late` });
    const logical = this.runs.get(String(run['started_at']));
    if (logical) logical.odd = true;
  }

  #remove(session: string, live: readonly Found[]): void {
    if (live.some((one) => one.session === session)) return;
    fs.rmSync(this.sandbox.path('sessions', session), { recursive: true, force: true });
    this.markOdd();
  }

  /** Somebody moves a session's folder out of the way. */
  #archive(session: string, found: readonly Found[]): void {
    const [folder, away] = this.#places(session);
    if (!fs.existsSync(folder) || fs.existsSync(away)) return;
    fs.mkdirSync(join(away, '..'), { recursive: true });
    fs.renameSync(folder, away);
    for (const one of found) if (one.session === session) this.logical(one).high = 0;
    this.markOdd();
  }

  /** And back again, where nothing has been put in its place. */
  #restore(session: string): void {
    const [folder, away] = this.#places(session);
    if (!fs.existsSync(away) || fs.existsSync(folder)) return;
    fs.renameSync(away, folder);
    for (const run of this.runs.values()) run.high = 0;
    this.markOdd();
  }

  #places(session: string): readonly [string, string] {
    return [this.sandbox.path('sessions', session), join(this.sandbox.project, 'archive', session)];
  }

  /** Writes a run as runtimes do that know better. */
  #putByRename(session: string, run: object): void {
    const file = this.sandbox.runFile(session);
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(run, null, 2));
    fs.renameSync(`${file}.${process.pid}`, file);
  }

  #age(session: string, seconds: number): void {
    const time = Date.now() / 1_000 + seconds;
    if (this.sandbox.raw(session) !== undefined) fs.utimesSync(this.sandbox.runFile(session), time, time);
  }
}
