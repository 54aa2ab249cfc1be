import type {
  ActorEndRecord,
  ChartRecord,
  ContextChange,
  EndRecord,
  Recording,
  RecordingHeader,
  RunRecord,
  StepRecord,
} from '../recording/format.ts';

/** An actor from its start to its end. */
export interface ActorSpan {
  readonly actor: string;
  /** Milliseconds since the start of the recording. */
  readonly start: number;
  /** Likewise; null where the recording does not say. */
  readonly end: number | null;
  readonly phase: ActorEndRecord['phase'] | 'running';
  readonly input: unknown;
  readonly output?: unknown;
  readonly code?: string;
}

/** A recording made ready to be walked through: what is asked at each step is found without going through them all. */
export interface OpenRun {
  readonly recording: Recording;
  readonly header: RecordingHeader;
  /** The chart that was recorded; null where it was not. */
  readonly chart: ChartRecord['states'] | null;
  readonly steps: readonly StepRecord[];
  readonly spans: readonly ActorSpan[];
  readonly runs: readonly RunRecord[];
  readonly end: EndRecord | null;
  /** The step by which a state was first entered, its ancestors included, by the states' names. */
  readonly entered: ReadonlyMap<string, number>;
  /** The steps by which a transition was taken, by its id. */
  readonly taken: ReadonlyMap<string, readonly number[]>;
  /** Changes of a field of the context, in order, by the fields' names. */
  readonly changes: ReadonlyMap<string, readonly { readonly step: number; readonly after: unknown }[]>;
  /** When the last record was made, milliseconds since the start. */
  readonly duration: number;
  /** What of the file could not be read, in words. */
  readonly notes: readonly string[];
}

/** The states that one is in while being in a given one, itself last. */
export function ancestry(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('.'));
}

/**
 * Makes a recording ready to be walked through.
 *
 * @param recording - whole or cut off
 * @param notes - what of its file could not be read
 */
export function openRun(recording: Recording, notes: readonly string[] = []): OpenRun {
  const { header, records } = recording;
  const steps: StepRecord[] = [];
  const spans: ActorSpan[] = [];
  const runs: RunRecord[] = [];
  const open = new Map<string, number[]>();
  let end: EndRecord | null = null;
  let chart: OpenRun['chart'] = null;
  for (const record of records) {
    if (record.kind === 'step') steps.push(record);
    else if (record.kind === 'chart') chart ??= record.states;
    else if (record.kind === 'run') runs.push(record);
    else if (record.kind === 'end') end = record;
    else if (record.phase === 'started') {
      const { actor, t: start, input } = record;
      open.set(actor, [...(open.get(actor) ?? []), spans.length]);
      spans.push({ actor, start, end: null, phase: 'running', input });
    } else {
      const index = open.get(record.actor)?.shift();
      const span = index === undefined ? undefined : spans[index];
      if (index !== undefined && span !== undefined) spans[index] = closeSpan(span, record);
    }
  }
  const duration = records.at(-1)?.t ?? 0;
  return { recording, header, chart, steps, spans, runs, end, ...indexSteps(steps), duration, notes };
}

function closeSpan(span: ActorSpan, { t, phase, output, code }: ActorEndRecord): ActorSpan {
  return {
    ...span,
    end: t,
    phase,
    ...(output === undefined ? {} : { output }),
    ...(code === undefined ? {} : { code }),
  };
}

function indexSteps(steps: readonly StepRecord[]): Pick<OpenRun, 'entered' | 'taken' | 'changes'> {
  const entered = new Map<string, number>();
  const taken = new Map<string, number[]>();
  const changes = new Map<string, { step: number; after: unknown }[]>();
  steps.forEach((step, index) => {
    for (const name of ancestry(step.to)) if (!entered.has(name)) entered.set(name, index);
    if (step.transition !== null) push(taken, step.transition, index);
    for (const [key, change] of Object.entries<ContextChange>(step.changes)) {
      push(changes, key, { step: index, after: change.after });
    }
  });
  return { entered, taken, changes };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/**
 * What the machine remembered after a step.
 *
 * @param run - the run
 * @param index - of the step
 */
export function contextAt({ changes }: OpenRun, index: number): Record<string, unknown> {
  const known = [...changes].map(([key, list]) => [key, list[lastAtMost(list, index)]?.after] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

/** Index of the last change at or before a step, -1 where there is none. */
function lastAtMost(list: readonly { readonly step: number }[], index: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.step ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The start of the actor that a step heard of: the last one of its name that had begun by then.
 *
 * @param run - the run
 * @param step - the step
 */
export function spanOf({ spans }: OpenRun, { actor, t }: StepRecord): ActorSpan | undefined {
  if (actor === null) return undefined;
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? 0) <= t) low = middle + 1;
    else high = middle;
  }
  for (let index = low - 1; index >= 0; index -= 1) {
    const span = spans[index];
    if (span?.actor === actor && (span.end ?? t) <= t) return span;
  }
  return undefined;
}
