/**
 * Reads a value where a string is expected (src/rules/README.md#files): null and undefined are empty, a string is
 * itself, anything else is `String(value)`.
 *
 * @param value - any parsed JSON value or caller input
 * @returns the text, untrimmed; never throws
 * @example asText(7) // '7'
 */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  try {
    return String(value);
  } catch {
    // An object whose own `toString` is no function, or nesting too deep to join, has no text of its own.
    return Object.prototype.toString.call(value);
  }
}

/**
 * {@link asText}, trimmed: the form in which stored ids, phases and panes are compared and judged empty.
 *
 * @param value - any parsed JSON value or caller input
 * @returns the trimmed text
 */
export function trimmedText(value: unknown): string {
  return asText(value).trim();
}
