/** Processes that make calls of the subject: as another user, below a launcher, to be killed or stopped. */
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { CallAnswer, CallerOptions, CallOrder } from './call-order.ts';

type Message = { readonly kind: 'ready' | 'inside' } | { readonly kind: 'answer'; readonly given: CallAnswer };

/** The program that makes the calls; a copy stands beside each bundle, where every user may read it. */
export const callerProgram = join(import.meta.dirname, 'caller.mjs');

/** A process that makes calls, one after another. */
export class Caller {
  readonly #child: ChildProcess;
  /** Resolves once every process that was started is gone: each holds an end of a pipe. */
  readonly #allGone: Promise<void>;
  readonly #messages: Message[] = [];
  #waiters: (() => void)[] = [];
  #dead = false;

  /**
   * Starts the process.
   *
   * @param module - the bundled subject
   * @param options - whose it is, and below what
   */
  constructor(module: string, options: CallerOptions = {}) {
    const { uid, launcher = [], nodeArgs = [], env = {}, cwd } = options;
    const [program = process.execPath, ...before] = [...launcher, process.execPath];
    const copy = join(module, '..', 'caller.mjs');
    if (!fs.existsSync(copy)) fs.copyFileSync(callerProgram, copy);
    this.#child = fork(copy, [module], {
      execPath: program,
      execArgv: [...before, ...nodeArgs],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
      env: { PATH: process.env['PATH'], ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    const pipe = this.#child.stdio[4] as Readable;
    this.#allGone = new Promise((resolve) => pipe.resume().once('close', () => resolve()));
    this.#child.on('message', (message: Message) => {
      this.#messages.push(message);
      this.#wake();
    });
    this.#child.on('error', () => undefined);
    this.#child.once('exit', () => {
      this.#dead = true;
      this.#wake();
    });
  }

  /** Process id of what was started: Node, or the launcher where that does not become Node. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Resolves once the process can make calls. */
  async ready(): Promise<this> {
    if ((await this.#heard('ready')) === undefined) throw new Error('the caller could not start');
    return this;
  }

  /** Makes a call; `died` where the process died of it. */
  async call(order: CallOrder): Promise<CallAnswer | 'died'> {
    if (this.#dead) return 'died';
    // It may be dead before that is known: its exit is what tells.
    this.#child.send(order, () => undefined);
    const message = await this.#heard('answer');
    return message?.kind === 'answer' ? message.given : 'died';
  }

  /** Resolves once a hook with the deed `wait` runs. */
  async inside(): Promise<void> {
    if ((await this.#heard('inside')) === undefined) throw new Error('the caller died');
  }

  /** Lets a waiting hook go on. */
  go(): void {
    this.#child.send('go', () => undefined);
  }

  /** Resolves once the process stands still. */
  async stopped(): Promise<void> {
    while (stateOf(this.pid) !== 'T') {
      if (this.#dead) throw new Error('the caller died');
      await pause(2);
    }
  }

  continue(): void {
    this.#child.kill('SIGCONT');
  }

  /** Kills the process and waits for its end. */
  async kill(): Promise<void> {
    // Below a launcher it is Node that must end, and Node ends when nobody can hear it any more.
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGKILL');
    while (!this.#dead) await this.#news();
    await this.#allGone;
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  async #heard(kind: Message['kind']): Promise<Message | undefined> {
    for (;;) {
      const index = this.#messages.findIndex((message) => message.kind === kind);
      if (index !== -1) return this.#messages.splice(index, 1)[0];
      if (this.#dead) return undefined;
      await this.#news();
    }
  }
}

/** Starts a caller that ends with the test at the latest. */
export async function startCaller(module: string, options: CallerOptions = {}): Promise<Caller> {
  const caller = new Caller(module, options);
  onTestFinished(() => caller.kill());
  return await caller.ready();
}

function stateOf(pid: number): string {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '';
}
