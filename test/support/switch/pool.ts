import fs from 'node:fs';
import path from 'node:path';
import { SwitchServer } from './server.ts';
import { type Implementation, openWorkshop, scratchFolder, type Workshop } from './workshop.ts';

/** Work for one server; `folder` is an empty folder of its own, removed afterwards. */
export type Task<T> = (server: SwitchServer, folder: string) => Promise<T>;

/** A few switch servers working side by side. */
export class SwitchPool {
  readonly #workshop: Workshop;
  readonly #scratch: string;
  readonly #servers: readonly SwitchServer[];
  #folders = 0;

  private constructor(workshop: Workshop, scratch: string, servers: readonly SwitchServer[]) {
    this.#workshop = workshop;
    this.#scratch = scratch;
    this.#servers = servers;
  }

  /**
   * Compiles, bundles and starts.
   *
   * @param implementation - what the children call
   * @param size - number of servers, each with one child at a time
   */
  static async open(implementation: Implementation, size = 2): Promise<SwitchPool> {
    const workshop = await openWorkshop(implementation);
    const scratch = scratchFolder();
    const servers = Array.from(
      { length: size },
      (_, i) => new SwitchServer(workshop, path.join(scratch, `server-${i}`)),
    );
    return new SwitchPool(workshop, scratch, servers);
  }

  /**
   * Runs tasks, as many at a time as there are servers.
   *
   * @returns their results, in the order of the tasks
   */
  async all<T>(tasks: readonly Task<T>[]): Promise<T[]> {
    const results: T[] = [];
    let next = 0;
    const work = async (server: SwitchServer): Promise<void> => {
      while (next < tasks.length) {
        const index = next++;
        const task = tasks[index];
        if (task === undefined) return;
        const folder = path.join(this.#scratch, `job-${this.#folders++}`);
        fs.mkdirSync(folder);
        try {
          results[index] = await task(server, folder);
        } finally {
          fs.rmSync(folder, { recursive: true, force: true });
        }
      }
    };
    await Promise.all(this.#servers.map(work));
    return results;
  }

  /** Ends the servers and removes everything that they left. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    fs.rmSync(this.#scratch, { recursive: true, force: true });
    this.#workshop.close();
  }
}
