/** A state directory on which a runtime and calls of this version take turns, judged after each step. */
import fs from 'node:fs';
import type { Command } from '../../machines/contract.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { runCall } from '../../src/call/run-call.ts';
import type { RaceProcess } from '../support/race/process.ts';
import { belongsTo, type Found, readRuns } from './disk.ts';
import { judgeCall, judgeCommand, judgeRest } from './judge.ts';
import { Runtime } from './runtime.ts';
import type { Caller, During, Step } from './step.ts';

/** What the calls of a sequence answered. */
export type Counts = Record<string, number>;

/** Lends a process that makes calls and may die. */
export type Lend = () => Promise<RaceProcess>;

interface Payload {
  readonly current: string;
  readonly session: string;
  readonly thread: string;
  readonly home: boolean;
}

const hookRefused = new Error('the hook refused');
const firstInstant = Date.UTC(2026, 0, 1);

/** Where steps happen. */
export class World {
  readonly runtime: Runtime;
  readonly #counts: Counts;
  readonly #lend: Lend;
  #clock = firstInstant;

  constructor(project: string, counts: Counts, lend: Lend) {
    this.runtime = new Runtime(project);
    this.#counts = counts;
    this.#lend = lend;
    for (const identity of [0, 1, 2]) {
      this.#clock += 1_000;
      this.runtime.launch(`p${identity}`, identity, this.#clock);
    }
  }

  /** Lets a step happen, if it can, and judges what it left. */
  async happen(step: Step): Promise<void> {
    this.#clock += 1_000;
    if (step.do === 'call') await this.#call(step, step.during);
    else if (step.do === 'kill') await this.#kill(step);
    else if (step.do === 'command') await this.#command(step);
    else this.runtime.act(step, this.#clock);
    judgeRest(this.runtime);
  }

  async #call(caller: Caller, during: During): Promise<void> {
    const payload = this.#payload(caller);
    const { runtime } = this;
    const before = readRuns(runtime.sandbox);
    const open = this.#oddOnes();
    const afterTargetWrite = (): void => this.#during(before, payload, during);
    const pane = caller.pane === 0 ? '' : `%${caller.pane}`;
    const result = await this.#run(payload, pane, caller.clock, afterTargetWrite).catch((error: unknown) => {
      if (error !== hookRefused) throw error;
      return undefined;
    });
    if (caller.clock < 0) runtime.markOdd();
    this.#count(result?.reason ?? 'hook threw');
    judgeCall(runtime, { before, open, ...payload, during, result });
    runtime.remember(before);
  }

  /** A foreign write between the two writes of a transfer, or an error there. */
  #during(before: readonly Found[], { current, session, thread }: Payload, what: During): void {
    const { runtime } = this;
    const source = before.find((one) => one.session !== current && one.live && belongsTo(one.run, session, thread));
    if (source === undefined) return;
    const run = runtime.logical(source);
    if (what === 'completeSource') {
      const state = runtime.sandbox.run(source.session);
      runtime.write(source.session, { ...state, active: false, current_phase: 'complete' });
      run.finished = true;
      run.odd = true;
    } else if (what.startsWith('turn')) {
      runtime.turnAt(what === 'turnSource' ? source.session : current);
    }
    if (!what.toLowerCase().endsWith('throw')) return;
    run.odd = true;
    throw hookRefused;
  }

  /** What a person asks for: the run that is named goes to a session, back, or ends. */
  async #command({ kind, run, session }: Extract<Step, { do: 'command' }>): Promise<void> {
    const { runtime } = this;
    const before = readRuns(runtime.sandbox);
    const live = before.filter((one) => one.live);
    const named = live[run % Math.max(1, live.length)];
    if (named === undefined) return;
    const into = `p${session}`;
    fs.mkdirSync(runtime.sandbox.path('sessions', into), { recursive: true });
    const command: Command =
      kind === 'adopt' ? { kind, source: named.session, into } : { kind, session: named.session };
    const { stateDir } = runtime.sandbox;
    const result = await runCall(
      { stateDir, payloadSessionId: '', payloadThreadId: '', env: { RCS_SESSION_ID: into } },
      { now: new Date(this.#clock), command, listPanes: () => Promise.resolve(undefined) },
    );
    this.#count(`${kind}: ${result.reason}`);
    judgeCommand(runtime, before, named, result);
    // Whose it is, and which copy the next call should find, is a person's doing.
    runtime.logical(named).odd = true;
    runtime.remember(before);
  }

  /** A call that dies at a step, perhaps a turn of its runtime, then one call that does not. */
  async #kill(step: Extract<Step, { do: 'kill' }>): Promise<void> {
    const { runtime } = this;
    const payload = this.#payload(step);
    const before = readRuns(runtime.sandbox);
    const open = this.#oddOnes();
    const child = await this.#lend();
    const outcome = await child.call({
      stateDir: runtime.sandbox.stateDir,
      ...payload,
      nowMs: this.#clock + step.clock,
      steps: [{ step: step.at, deed: 'kill' }],
    });
    if (step.clock < 0) runtime.markOdd();
    this.#count(outcome === 'died' ? `killed at ${step.at}` : `${outcome.reason ?? outcome.error?.code}`);
    if (outcome !== 'died' && outcome.error) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
    if (step.turn) runtime.turnAll(before);
    const next = this.#payload({ ...step, session: step.next, fresh: step.fresh && step.next % 2 === 0 });
    const result = await this.#run(next, '', step.clock + 1);
    this.#count(result.reason);
    judgeCall(runtime, { before, open, ...payload, during: 'killed', result });
    runtime.remember(before);
  }

  #run(payload: Payload, pane: string, clock: number, afterTargetWrite?: () => void): Promise<ReconcileResult> {
    return runCall(
      {
        stateDir: this.runtime.sandbox.stateDir,
        payloadSessionId: payload.session,
        payloadThreadId: payload.thread,
        env: { RCS_SESSION_ID: payload.current, TMUX_PANE: pane },
        hooks: { afterTargetWrite },
        comeHome: payload.home,
      },
      { now: new Date(this.#clock + clock) },
    );
  }

  #payload({ session, fresh, identity, both, home }: Caller): Payload {
    const current = fresh ? `n${this.#clock - firstInstant}` : `p${session}`;
    fs.mkdirSync(this.runtime.sandbox.path('sessions', current), { recursive: true });
    if (identity < 2) return { current, session: `s${identity}`, thread: '', home };
    return { current, session: both ? 's2' : '', thread: 't2', home };
  }

  #oddOnes(): ReadonlySet<string> {
    return new Set([...this.runtime.runs.values()].filter((run) => run.odd).map((run) => run.start));
  }

  #count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }
}
