import type { ContextChange } from './format.ts';

/**
 * Which fields of the machine's context a step changed.
 *
 * @param before - the context until then
 * @param after - the context from then on
 */
export function changesBetween(before: object, after: object): Record<string, ContextChange> {
  const changes: Record<string, ContextChange> = {};
  if (before === after) return changes;
  const old = before as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(after)) {
    if (!isSame(old[key], value)) changes[key] = { before: old[key] ?? null, after: value };
  }
  return changes;
}

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
