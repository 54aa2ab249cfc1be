import type { ContextChange } from './format.ts';

/**
 * Which fields of the machine's context a step changed.
 *
 * @param before - the context until then
 * @param after - the context from then on
 */
export function changesBetween(before: object, after: object): Record<string, ContextChange> {
  const old = before as Readonly<Record<string, unknown>>;
  const changed = Object.entries(after).filter(([key, value]) => !isSame(old[key], value));
  return Object.fromEntries(changed.map(([key, value]) => [key, { before: old[key] ?? null, after: value }]));
}

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
