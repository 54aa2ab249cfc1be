/** What a database says of one project while hosts work on it. */
import { setTimeout as pause } from 'node:timers/promises';

/** Runs one statement as the superuser, past the network of the hosts. */
export type Ask = (text: string, values?: unknown[]) => Promise<readonly Record<string, unknown>[]>;

const schema = 'forge_session_resume';
const ofProject = `JOIN ${schema}.project AS p ON p.id = project WHERE p.name = $1`;

/** Asks about a project, and looks again and again at what must hold at every instant. */
export class ProjectWatch {
  readonly #ask: Ask;
  readonly #project: string;
  readonly #watching: Promise<void>;
  #isOver = false;
  /** Most live owners that were seen at once. */
  mostLive = 0;
  /** When the host was last seen with the project's lock, by `performance.now()`; 0: never. */
  heldAt = 0;

  /**
   * @param ask - asks the database
   * @param project - the project's name
   * @param address - of the host whose hold on the lock is watched
   */
  constructor(ask: Ask, project: string, address: string) {
    this.#ask = ask;
    this.#project = project;
    this.#watching = this.#watch(address);
  }

  /** Sessions with a live run. */
  async live(): Promise<string[]> {
    const rows = await this.#ask(`SELECT session FROM ${schema}.run ${ofProject} AND active ORDER BY 1`, [
      this.#project,
    ]);
    return rows.map(({ session }) => String(session));
  }

  /** The turn of a session's run; undefined where it has none. */
  async turnOf(session: string): Promise<unknown> {
    const [row] = await this.#ask(`SELECT iteration FROM ${schema}.run ${ofProject} AND session = $2`, [
      this.#project,
      session,
    ]);
    return row?.['iteration'];
  }

  /** How many transfers nobody has settled. */
  async unsettled(): Promise<number> {
    const rows = await this.#ask(`SELECT FROM ${schema}.transfer ${ofProject} AND settled_at IS NULL`, [this.#project]);
    return rows.length;
  }

  /** Ends the watch. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  async #watch(address: string): Promise<void> {
    while (!this.#isOver) {
      this.mostLive = Math.max(this.mostLive, (await this.live()).length);
      const held = await this.#ask(
        `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND classid = 1718580083 AND granted AND client_addr = $1`,
        [address],
      );
      if (held.length > 0) this.heldAt = performance.now();
      await pause(20);
    }
  }
}
