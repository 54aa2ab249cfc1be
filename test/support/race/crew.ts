import { bundlePrograms, type RacePrograms } from './bundle.ts';
import { RaceProcess } from './process.ts';

/** The child programs of a suite and every process that it started. */
export class Crew {
  readonly programs: RacePrograms;
  readonly #started: RaceProcess[] = [];
  readonly #gone: RaceProcess[] = [];

  private constructor(programs: RacePrograms) {
    this.programs = programs;
  }

  static async open(): Promise<Crew> {
    return new Crew(await bundlePrograms());
  }

  /** Starts a program; it is ended with the crew at the latest. */
  start(program: Exclude<keyof RacePrograms, 'close' | 'thread'>, ...args: readonly string[]): RaceProcess {
    const made = new RaceProcess(this.programs[program], args);
    this.#started.push(made);
    return made;
  }

  /** When each process that was killed was sent the signal. */
  deaths(): ReadonlyMap<number, bigint> {
    return new Map(
      [...this.#gone, ...this.#started].flatMap((one) => (one.killedAt === undefined ? [] : [[one.pid, one.killedAt]])),
    );
  }

  /** Ends every process; for the end of a test. */
  async dismiss(): Promise<void> {
    const started = this.#started.splice(0);
    this.#gone.push(...started);
    await Promise.all(started.map((one) => one.kill()));
  }

  /** Ends every process and removes the programs. */
  async close(): Promise<void> {
    await this.dismiss();
    this.programs.close();
  }
}
