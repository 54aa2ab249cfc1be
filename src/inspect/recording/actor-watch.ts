import type { AnyActorRef } from 'xstate';
import { codeOf } from '../../../machines/guards.ts';
import { answerOf } from './answer-of.ts';
import type { ActorEndRecord, ActorStartRecord } from './format.ts';

type StartDraft = Omit<ActorStartRecord, 'n'>;
type EndDraft = Omit<ActorEndRecord, 'n'>;
type Ref = Pick<AnyActorRef, 'sessionId'>;

/** Knows which actors run, and for how long. Times are milliseconds since the start of the recording. */
export class ActorWatch {
  readonly #running = new Map<string, { readonly actor: string; readonly since: number }>();

  start(ref: Ref, input: unknown, t: number): StartDraft {
    const actor = (ref as AnyActorRef).id;
    this.#running.set(ref.sessionId, { actor, since: t });
    return { kind: 'actor', t, actor, phase: 'started', input: input ?? null };
  }

  /** The machine heard from an actor: it is done. */
  end(
    event: { readonly type: string; readonly output?: unknown; readonly error?: unknown },
    t: number,
  ): EndDraft | undefined {
    const answer = answerOf(event.type);
    if (answer === undefined) return undefined;
    for (const [sessionId, { actor, since }] of this.#running) {
      if (actor !== answer.actor) continue;
      this.#running.delete(sessionId);
      const end = { kind: 'actor', t, actor, duration: between(since, t) } as const;
      return answer.isError
        ? { ...end, phase: 'error', code: codeOf(event.error) }
        : { ...end, phase: 'done', output: event.output ?? null };
    }
    return undefined;
  }

  stop(ref: Ref, t: number): EndDraft | undefined {
    const running = this.#running.get(ref.sessionId);
    if (running === undefined) return undefined;
    this.#running.delete(ref.sessionId);
    return { kind: 'actor', t, actor: running.actor, phase: 'stopped', duration: between(running.since, t) };
  }
}

const between = (since: number, t: number): number => Math.round((t - since) * 1000) / 1000;
