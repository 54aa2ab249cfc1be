import type { StepRecord } from '../recording/format.ts';

/**
 * What a step heard, such as `look: answered`, `prepare fails: IO`, `lockRetry passes`.
 *
 * @param step - the step
 */
export function eventWords({ event, actor, code, output }: StepRecord): string {
  if (event === 'xstate.init') return 'started';
  if (code !== undefined) return `${actor ?? event} fails: ${code}`;
  if (actor !== null) return `${actor}: ${kindOf(output)}`;
  const [, , delay = event] = event.split('.');
  return `${delay} passes`;
}

const kindOf = (output: unknown): string => {
  const kind = typeof output === 'object' && output !== null ? (output as { kind?: unknown }).kind : undefined;
  return typeof kind === 'string' ? kind : 'done';
};

/**
 * A duration for people: `85 µs`, `1.25 ms`, `3.2 s`, `2 min 5 s`.
 *
 * @param ms - milliseconds
 */
export function durationWords(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The last part of a state's name. */
export const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
