// C0 and C1, what ends a line for some readers, and what turns the direction of a text around. Spelled out: a class of
// Unicode would cost each process a look through ICU's tables.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes foreign text safe for a terminal and for a line: control, line-breaking and direction-turning characters
 * become `\uXXXX`. Inside JSON text the result means the same as before.
 *
 * @param text - any text
 * @param limit - longest result, UTF-16 units; what is longer ends in `…`
 * @example printable('a\nb') // 'a\\u000ab'
 */
export function printable(text: string, limit = Number.POSITIVE_INFINITY): string {
  const shown = text.replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return shown.length > limit ? `${shown.slice(0, limit - 1)}…` : shown;
}
