import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallAnswer, CallOrder, FromChild, ToChild } from './orders.ts';

/** What came of an order: an answer, or the process died first. */
export type Outcome = CallAnswer | 'died';

/** A child process of a race; the test that starts it must close it. */
export class RaceProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #messages: FromChild[] = [];
  #waiters: (() => void)[] = [];
  #dead = false;
  /** When SIGKILL was sent, by the clock that all processes share. */
  killedAt: bigint | undefined;

  /**
   * Starts a program.
   *
   * @param program - one of `bundlePrograms`
   * @param args - its arguments
   */
  constructor(program: string, args: readonly string[] = []) {
    this.#child = fork(program, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.pid = this.#child.pid ?? 0;
    this.#child.on('message', (message: FromChild) => {
      this.#messages.push(message);
      this.#wake();
    });
    // A message that finds the process dead is no error of the test.
    this.#child.on('error', () => undefined);
    this.#exit = once(this.#child, 'exit').then(() => {
      this.#dead = true;
      this.#wake();
    });
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Resolves once the process has ended. */
  get ended(): Promise<unknown> {
    return this.#exit;
  }

  /** Resolves once the program is loaded. */
  async ready(): Promise<this> {
    await this.#heard('ready');
    return this;
  }

  /** Makes a call; resolves when it has ended, or the process has. */
  async call(order: CallOrder): Promise<Outcome> {
    this.#send({ kind: 'call', order });
    return this.answer();
  }

  /** The answer to an order, or to `go`, in the program's own form. */
  async answer<T = CallAnswer>(): Promise<T | 'died'> {
    const message = await this.#heard('answer');
    return message?.kind === 'answer' ? (message.answer as T) : 'died';
  }

  /** Resolves once a hook with the deed `wait` runs. */
  async inside(): Promise<void> {
    if ((await this.#heard('inside')) === undefined) throw new Error(`process ${this.pid} died`);
  }

  /** Lets a waiting hook go on; tells a counter to report. */
  go(): void {
    this.#send({ kind: 'go' });
  }

  /** Resolves once the process stands still, by its own SIGSTOP or ours. */
  async stopped(): Promise<void> {
    while (stateOf(this.pid) !== 'T') {
      if (this.#dead) throw new Error(`process ${this.pid} died`);
      await pause(2);
    }
  }

  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  continue(): void {
    this.#child.kill('SIGCONT');
  }

  /** Kills it; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#dead) return;
    this.killedAt ??= process.hrtime.bigint();
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  #send(message: ToChild): void {
    // It may die between this look and the message: its exit is what tells.
    if (!this.#dead && this.#child.connected) this.#child.send(message, () => undefined);
  }

  async #heard(kind: FromChild['kind']): Promise<FromChild | undefined> {
    for (;;) {
      const index = this.#messages.findIndex((message) => message.kind === kind);
      if (index !== -1) return this.#messages.splice(index, 1)[0];
      if (this.#dead) return undefined;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }
}

function stateOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '';
  } catch {
    return '';
  }
}
