/** The process that exchanges entries of a project while the subject works in it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Things that an entry is exchanged for. */
export const kinds = ['link', 'links', 'fifo', 'folder'] as const;

/** One of {@link kinds}. */
export type Kind = (typeof kinds)[number];

/** Exchanges one entry after another; confined to its project. */
export class Attacker {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  /** How often something was exchanged. */
  exchanges = 0;
  /** Whether the kernel keeps it in its project. */
  confined = false;

  /**
   * Starts it, at rest.
   *
   * @param program - the compiled `exchange`
   * @param project - the project, absolute
   * @param uid - user and group of the process
   */
  constructor(program: string, project: string, uid: number) {
    this.#child = spawn(program, [project], { uid, gid: uid, env: {} });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Exchanges an entry from now on, for a link to `to` or what else the kind says. */
  async attack(kind: Kind, path: string, to: string): Promise<void> {
    await this.#order(`attack ${kind} ${path} ${to}`);
  }

  /** Puts back what is exchanged and waits. */
  async rest(): Promise<void> {
    await this.#order('rest');
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    await gone;
  }

  async #order(line: string): Promise<void> {
    this.#child.stdin.write(`${line}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the attacker ended early');
    const [exchanges, confined] = value.split(' ');
    this.exchanges = Number(exchanges);
    this.confined = confined === '1';
  }
}
