/** One round of a race: many processes call for one run, and are stopped and killed at random in between. */
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reconcileForgeSessionResume } from '../../../src/call/reconcile.ts';
import type { ReconcileResult } from '../../../src/call/result.ts';
import { isLive } from '../../../src/rules/forge-state.ts';
import { violations } from '../invariants.ts';
import { liveRun } from '../runs.ts';
import type { Crew } from './crew.ts';
import { overlaps, readHoldings } from './holder-log.ts';
import type { CallOrder, Deed } from './orders.ts';
import type { RaceProcess } from './process.ts';
import type { Random } from './random.ts';
import type { RaceOptions, RaceReport } from './rounds.ts';

const steps = ['recover', 'prepare', 'writeTarget', 'afterTargetWrite', 'writeSource', 'commit', 'release'];

/** A process of the race; it stays from round to round until it dies. */
export interface Seat {
  process?: RaceProcess;
  busy: boolean;
}

/** One round, in a state directory of its own. */
export class Round {
  readonly #crew: Crew;
  readonly #options: RaceOptions;
  readonly #random: Random;
  readonly #report: RaceReport;
  readonly #stateDir: string;
  readonly #log: string;
  #sessions = 0;
  readonly #seats: readonly Seat[];

  constructor(
    crew: Crew,
    options: RaceOptions,
    random: Random,
    seats: readonly Seat[],
    project: string,
    report: RaceReport,
  ) {
    this.#crew = crew;
    this.#options = options;
    this.#random = random;
    this.#report = report;
    this.#stateDir = join(project, '.rcs', 'state');
    this.#log = join(project, 'holders.log');
    this.#seats = seats;
  }

  async run(): Promise<void> {
    this.#putRun('first', liveRun({ owner_rcs_session_id: 'first', note: 'kept', iteration: 7 }));
    fs.writeFileSync(this.#log, '');
    const racing = { now: true };
    const legacies = Array.from({ length: this.#options.legacy ?? 0 }, (_, index) =>
      this.#crew.start('legacy', this.#stateDir, this.#log, `legacy${index}`, String(this.#options.calls)),
    );
    const trouble = this.#makeTrouble(racing);
    await Promise.all(this.#seats.map((seat) => this.#occupy(seat)));
    await Promise.all(legacies.map((one) => one.ended));
    racing.now = false;
    await trouble;
    await this.#judge();
  }

  /** Makes a seat's calls, with a new process wherever one dies. */
  async #occupy(seat: Seat): Promise<void> {
    let own = this.#newSession();
    for (let call = 0; call < this.#options.calls; call += 1) {
      if (this.#random.chance(0.7)) own = this.#newSession();
      const child = await this.#sit(seat);
      seat.busy = true;
      const outcome = await child.call(this.#order(own));
      seat.busy = false;
      if (outcome === 'died') {
        this.#report.kills += 1;
        if (this.#options.withoutAddon === true) this.#age(`${child.pid}.`);
        continue;
      }
      const word = outcome.reason ?? `error ${outcome.error?.code}`;
      this.#report.reasons[word] = (this.#report.reasons[word] ?? 0) + 1;
      if (outcome.error) this.#report.faults.push(`${outcome.error.code}: ${outcome.error.message}`);
    }
  }

  async #sit(seat: Seat): Promise<RaceProcess> {
    if (seat.process !== undefined && !seat.process.isDead) return seat.process;
    seat.process = this.#crew.start(this.#options.withoutAddon ? 'childWithoutAddon' : 'child');
    return seat.process.ready();
  }

  #order(current: string): CallOrder {
    const step = steps[this.#random.between(0, steps.length - 1)] ?? '';
    const deed: Deed = this.#options.kills !== false && this.#random.chance(0.4) ? 'kill' : 'stop';
    return {
      stateDir: this.#stateDir,
      session: 's1',
      current,
      pane: `%${this.#random.between(1, 9)}`,
      holdMs: this.#random.chance(0.3) ? this.#random.between(0, 4) : 0,
      log: this.#log,
      steps: this.#random.chance(0.1) ? [{ step, deed }] : [],
    };
  }

  /** Stops, continues and kills processes, until the race is over; what is stopped for too long goes on. */
  async #makeTrouble(racing: { now: boolean }): Promise<void> {
    const waking = new Set<Promise<void>>();
    while (racing.now) {
      await pause(this.#random.between(4, 20));
      const seat = this.#seats[this.#random.between(0, this.#seats.length - 1)];
      const child = seat?.process;
      if (!seat?.busy || child === undefined || child.isDead) continue;
      if (this.#options.kills !== false && this.#random.chance(0.05)) {
        await child.kill();
        continue;
      }
      // What stopped itself is found here, too, and goes on.
      if (this.#random.chance(0.5)) child.stop();
      this.#report.stops += 1;
      const wake = pause(this.#random.between(1, this.#options.longestStopMs)).then(() => {
        child.continue();
        waking.delete(wake);
      });
      waking.add(wake);
    }
    await Promise.all(waking);
  }

  async #judge(): Promise<void> {
    const { faults } = this.#report;
    let last = await this.#callAgain();
    // Without the kernel lock nothing tells that a holder is dead: its folder goes after 10 s (protocol.md, "Lock").
    if (last.reason === 'resume_lock_timeout' && this.#options.withoutAddon === true) {
      this.#age('');
      last = await this.#callAgain();
    }
    if (last.reason !== 'resumed_same_codex_session') faults.push(`the last call ended with ${last.reason}`);
    const holdings = readHoldings(this.#log, this.#crew.deaths());
    this.#report.holdings += holdings.length;
    faults.push(...overlaps(holdings), ...violations(this.#stateDir));
    const sessions = join(this.#stateDir, 'sessions');
    const runs = fs.readdirSync(sessions).flatMap((id) => {
      const file = join(sessions, id, 'forge-state.json');
      return fs.existsSync(file) ? [JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>] : [];
    });
    const live = runs.filter(isLive);
    if (live.length !== 1) faults.push(`${live.length} owners`);
    if (live.some((run) => run['note'] !== 'kept' || run['iteration'] !== 7)) faults.push('a field was lost');
  }

  #callAgain(): Promise<ReconcileResult> {
    return reconcileForgeSessionResume({
      stateDir: this.#stateDir,
      payloadSessionId: 's1',
      env: { RCS_SESSION_ID: this.#newSession() },
    });
  }

  /** Lets the lock folder look old, if its token begins so. */
  #age(token: string): void {
    const lock = join(this.#stateDir, '.lock.forge-session-resume');
    const owner = join(lock, 'owner');
    if (token !== '' && !(fs.existsSync(owner) && fs.readFileSync(owner, 'utf8').startsWith(token))) return;
    const old = (Date.now() - 60_000) / 1_000;
    if (fs.existsSync(lock)) fs.utimesSync(lock, old, old);
  }

  #newSession(): string {
    this.#sessions += 1;
    const id = `s${this.#sessions}`;
    fs.mkdirSync(join(this.#stateDir, 'sessions', id), { recursive: true });
    return id;
  }

  #putRun(id: string, run: object): void {
    fs.mkdirSync(join(this.#stateDir, 'sessions', id), { recursive: true });
    fs.writeFileSync(join(this.#stateDir, 'sessions', id, 'forge-state.json'), JSON.stringify(run, null, 2));
  }
}
