import type { ActorBody, ActorName, ActorScope } from '../../machines/contract.ts';

/** One run of an actor, from its start until it answers or the chart stops waiting for it. */
export class ActorRun implements ActorScope {
  #state: 'running' | 'settled' | 'stopped' = 'running';
  #controller: AbortController | undefined;

  /** Made only if asked for: a call has many short actors, and few of them ever look. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#state === 'stopped') this.#controller.abort();
    return this.#controller.signal;
  }

  /** Whether the chart still waits for it. */
  get isAwaited(): boolean {
    return this.#state !== 'stopped';
  }

  /** Ends the wait for the actor; what it answers later is not heard. */
  stop(): void {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    this.#controller?.abort();
  }

  /**
   * Runs the actor's body.
   *
   * @param body - the actor
   * @param input - its input
   * @param onDone - hears what it answers, unless it was stopped
   * @param onError - hears what it throws, unless it was stopped
   */
  start(
    body: ActorBody<ActorName>,
    input: unknown,
    onDone: (output: unknown) => void,
    onError: (error: unknown) => void,
  ): void {
    const settle = (tell: (value: unknown) => void) => (value: unknown) => {
      if (this.#state !== 'running') return;
      this.#state = 'settled';
      tell(value);
    };
    answerOf(body, input, this).then(settle(onDone), settle(onError));
  }
}

const answerOf = async (body: ActorBody<ActorName>, input: unknown, scope: ActorScope): Promise<unknown> =>
  body(input as never, scope);
