import type { AnyActorRef } from 'xstate';
import { codeOf } from '../../../machines/guards.ts';
import type { ActorEndRecord, ActorStartRecord } from './format.ts';

type StartDraft = Omit<ActorStartRecord, 'n' | 't'>;
type EndDraft = Omit<ActorEndRecord, 'n' | 't'>;
type Ref = Pick<AnyActorRef, 'sessionId'>;

/** Knows which actors run, and for how long. */
export class ActorWatch {
  readonly #now: () => number;
  readonly #running = new Map<string, { readonly actor: string; readonly since: number }>();

  /** @param now - milliseconds since the start of the recording */
  constructor(now: () => number) {
    this.#now = now;
  }

  start(ref: Ref, input: unknown): StartDraft {
    const actor = (ref as AnyActorRef).id;
    this.#running.set(ref.sessionId, { actor, since: this.#now() });
    return { kind: 'actor', actor, phase: 'started', input: input ?? null };
  }

  /** The machine heard from an actor: it is done. */
  end(event: { readonly type: string; readonly output?: unknown; readonly error?: unknown }): EndDraft | undefined {
    const [, how, actor] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event.type) ?? [];
    const running = [...this.#running].find(([, one]) => one.actor === actor);
    if (running === undefined) return undefined;
    const duration = this.#finish(running[0]);
    const end = { kind: 'actor', actor: running[1].actor, duration } as const;
    return how === 'error'
      ? { ...end, phase: 'error', code: codeOf(event.error) }
      : { ...end, phase: 'done', output: event.output ?? null };
  }

  stop(ref: Ref): EndDraft | undefined {
    const running = this.#running.get(ref.sessionId);
    if (running === undefined) return undefined;
    return { kind: 'actor', actor: running.actor, phase: 'stopped', duration: this.#finish(ref.sessionId) };
  }

  #finish(sessionId: string): number {
    const since = this.#running.get(sessionId)?.since ?? 0;
    this.#running.delete(sessionId);
    return Math.round((this.#now() - since) * 1000) / 1000;
  }
}
