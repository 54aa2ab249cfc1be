/** Longest text that is recorded unless everything is, UTF-16 units: payload ids are free text of any length. */
export const longestText = 1_024;

/**
 * A copy of plain data that its owner can no longer change, with long texts cut.
 *
 * @param value - JSON-safe
 * @param limit - longest text, UTF-16 units; what is longer ends in `…`
 */
export function plainCopy(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return value.length > limit ? `${value.slice(0, limit - 1)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => plainCopy(item, limit));
  // `__proto__` may be a field like any other.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item, limit)]));
}

/**
 * Whether plain data holds a text that {@link plainCopy} would cut.
 *
 * @param value - JSON-safe
 * @param limit - longest text, UTF-16 units
 */
export function hasLongerText(value: unknown, limit: number): boolean {
  if (typeof value === 'string') return value.length > limit;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => hasLongerText(item, limit));
}
