/** How a file is written. */
export interface TextStyle {
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
}

/**
 * Tells how a file is written, so that what is added looks like the rest.
 *
 * @param text - the file's text
 */
export const styleOf = (text: string): TextStyle => ({
  eol: /\r\n/.test(text) ? '\r\n' : '\n',
  unit: /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ',
});

/**
 * The white space at the beginning of the line on which something stands.
 *
 * @param text - the file's text
 * @param offset - where it stands
 */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
