import type { StepRecord } from '../recording/format.ts';
import type { ActorSpan, OpenRun } from './open-run.ts';

/** What the hosted inspector is told, in the words of `@statelyai/inspect`. */
export type StatelyEvent = {
  readonly _version: string;
  readonly createdAt: string;
  readonly id: null;
  readonly rootId: string;
  readonly sessionId: string;
} & (
  | {
      readonly type: '@xstate.actor';
      readonly name: string;
      readonly definition: string;
      readonly parentId?: string;
      readonly snapshot: unknown;
    }
  | { readonly type: '@xstate.event'; readonly event: unknown; readonly sourceId?: string }
  | { readonly type: '@xstate.snapshot'; readonly event: unknown; readonly snapshot: unknown }
);

/** The version of the protocol, which is that of `@statelyai/inspect`. */
export const statelyVersion = '0.7.2';

const rootId = 'x:0';

/**
 * A machine's configuration as the protocol wants it: functions by their names.
 *
 * @param config - the machine's
 */
export const definitionText = (config: unknown): string =>
  JSON.stringify(config, (_key, value: unknown) => (typeof value === 'function' ? { type: value.name } : value));

/**
 * A run as the hosted inspector would have been told of it, had it listened: the machine, each actor, each event and what
 * came of it. Guards, actions and times are not in that protocol.
 *
 * @param run - the run
 * @param machine - its name, and its configuration as {@link definitionText} gives it
 */
export function statelyEvents(
  run: OpenRun,
  machine: { readonly name: string; readonly definition: string },
): StatelyEvent[] {
  const start = Date.parse(run.header.at) || 0;
  const stamp = (t: number) => ({
    _version: statelyVersion,
    createdAt: String(Math.round(start + t)),
    id: null,
    rootId,
  });
  const context: Record<string, unknown> = {};
  const events: StatelyEvent[] = [];
  let span = 0;
  const startActors = (until: number): void => {
    for (; span < run.spans.length && (run.spans[span]?.start ?? 0) <= until; span += 1) {
      const { actor, input, start: t } = run.spans[span] as ActorSpan;
      const snapshot = { status: 'active', input };
      const definition = JSON.stringify({ id: actor });
      events.push({
        ...stamp(t),
        type: '@xstate.actor',
        name: actor,
        definition,
        sessionId: idOf(span),
        parentId: rootId,
        snapshot,
      });
    }
  };
  for (const [index, step] of run.steps.entries()) {
    for (const [key, { after }] of Object.entries(step.changes)) context[key] = after;
    const status = index === run.steps.length - 1 && run.end?.output != null ? 'done' : 'active';
    const snapshot = { status, value: stateValue(step.to), context: { ...context } };
    const event = eventOf(step);
    if (index === 0) events.push({ ...stamp(step.t), type: '@xstate.actor', ...machine, sessionId: rootId, snapshot });
    startActors(step.t);
    const source = lastSpan(run.spans, span, step.actor);
    const sent = { ...stamp(step.t), type: '@xstate.event', event, sessionId: rootId } as const;
    events.push(source < 0 ? sent : { ...sent, sourceId: idOf(source) });
    events.push({ ...stamp(step.t), type: '@xstate.snapshot', event, snapshot, sessionId: rootId });
  }
  startActors(Number.POSITIVE_INFINITY);
  return events;
}

const idOf = (span: number): string => `x:${span + 1}`;

function lastSpan(spans: readonly ActorSpan[], before: number, actor: string | null): number {
  for (let index = before - 1; index >= 0; index -= 1) if (spans[index]?.actor === actor) return index;
  return -1;
}

function eventOf({ event, actor, output, code }: StepRecord): unknown {
  if (actor === null) return { type: event };
  return { type: event, actorId: actor, ...(code === undefined ? { output } : { error: { code } }) };
}

/** A state's path as XState writes a state's value: `a.b.c` is `{ a: { b: 'c' } }`. */
function stateValue(path: string): unknown {
  const [first = '', ...rest] = path.split('.');
  return rest.length === 0 ? first : { [first]: stateValue(rest.join('.')) };
}
