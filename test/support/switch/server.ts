import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer, Job } from '../child/job.ts';
import { type Call, type Order, orderLine, parseLog } from './order.ts';
import type { Workshop } from './workshop.ts';

/** How one switched process ended. */
export interface Outcome {
  /** Whether the switch killed it; false for one that hung and was ended for it. */
  readonly killed: boolean;
  /** What the call answered or threw; undefined where the process did not live to say. */
  readonly answer: Answer | undefined;
  readonly log: readonly Call[];
}

/** One thread, since a fork takes no other along; code is compiled once, in the server, and kept for its children. */
const flags = ['--single-threaded', '--always-sparkplug', '--no-flush-bytecode'];

/** A warm process that forks one switched child for each job; one job at a time. */
export class SwitchServer {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #lines: AsyncIterator<string>;

  /**
   * @param workshop - the compiled parts
   * @param folder - a private folder for the server's own files; outside every watched folder
   */
  constructor(workshop: Workshop, folder: string) {
    this.#folder = folder;
    fs.mkdirSync(folder, { recursive: true });
    this.#process = spawn(process.execPath, [...flags, workshop.child, folder], {
      env: { PATH: process.env['PATH'], LD_PRELOAD: workshop.library },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('no pipe');
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Runs one call in a process of its own.
   *
   * @param stateDir - absolute real path; only calls below it are counted
   * @param job - what to call
   * @param order - what to do to it
   */
  async run(stateDir: string, job: Omit<Job, 'stateDir'>, order: Order = { mode: 'off' }): Promise<Outcome> {
    const log = path.join(this.#folder, 'log');
    const answer = path.join(this.#folder, 'answer.json');
    for (const file of [log, answer]) fs.rmSync(file, { force: true });
    fs.writeFileSync(path.join(this.#folder, 'job.json'), JSON.stringify({ ...job, stateDir }));
    this.#process.stdin?.write(orderLine(order, stateDir, log));
    const status = Number((await this.#line()).split(' ')[1]);
    const signal = status & 0x7f;
    const killed = signal === constants.signals.SIGKILL;
    const hung = signal === constants.signals.SIGALRM;
    if (!killed && !hung && status !== 0) throw new Error(`a switched process ended with wait status ${status}`);
    return {
      killed,
      answer: fs.existsSync(answer) ? (JSON.parse(fs.readFileSync(answer, 'utf8')) as Answer) : undefined,
      log: fs.existsSync(log) ? parseLog(fs.readFileSync(log, 'utf8')) : [],
    };
  }

  /** Ends the server; resolves when its process is gone. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin?.end();
    await gone;
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error('the switch server ended early');
    return next.value;
  }
}
