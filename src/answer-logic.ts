import type { ActorLogic, EventObject, Snapshot } from 'xstate';

/** What the body of an actor is told beside its input. */
export interface AnswerScope {
  /** Aborts when the machine stops waiting for the actor; made only if asked for. */
  readonly signal: AbortSignal;
}

type AnswerSnapshot = Snapshot<unknown> & { readonly input: unknown };

interface AnswerEvent extends EventObject {
  readonly type: 'answer' | 'failure' | 'xstate.stop';
  readonly value?: unknown;
}

/** Logic of an actor that answers once. */
export type AnswerLogic = ActorLogic<AnswerSnapshot, AnswerEvent, unknown>;

const controllers = new WeakMap<object, AbortController>();

/**
 * Actor logic that runs a function once and answers with what it returns: XState's `fromPromise` without the abort
 * controller that it makes for each actor, which a call of eight short actors would pay eight times.
 *
 * @param body - returns or resolves to the output, or throws
 */
export function fromAnswer(body: (input: unknown, scope: AnswerScope) => unknown): AnswerLogic {
  return {
    config: body,
    getInitialSnapshot: (_, input) => ({ status: 'active', output: undefined, error: undefined, input }),
    getPersistedSnapshot: (snapshot) => snapshot,
    restoreSnapshot: (snapshot) => snapshot as AnswerSnapshot,
    transition: (snapshot, event, { self }) => {
      if (snapshot.status !== 'active') return snapshot;
      switch (event.type) {
        case 'answer':
          return { status: 'done', output: event.value, error: undefined, input: undefined };
        case 'failure':
          return { status: 'error', output: undefined, error: event.value, input: undefined };
        case 'xstate.stop':
          controllers.get(self)?.abort();
          return { status: 'stopped', output: undefined, error: undefined, input: undefined };
      }
      return snapshot;
    },
    start: (snapshot, { self }) => {
      if (snapshot.status !== 'active') return;
      const tell = (type: 'answer' | 'failure', value: unknown): void => {
        if (self.getSnapshot().status === 'active') self.send({ type, value });
      };
      const scope: AnswerScope = {
        get signal() {
          const controller = controllers.get(self) ?? new AbortController();
          controllers.set(self, controller);
          return controller.signal;
        },
      };
      run(body, snapshot.input, scope).then(
        (output) => tell('answer', output),
        (error: unknown) => tell('failure', error),
      );
    },
  };
}

const run = async (
  body: (input: unknown, scope: AnswerScope) => unknown,
  input: unknown,
  scope: AnswerScope,
): Promise<unknown> => body(input, scope);
