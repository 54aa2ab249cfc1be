/** What a line may hold before it is broken. */
const lineWidth = 100;

/**
 * Writes plain data as a literal of JavaScript, in the way that code is formatted.
 *
 * @param value - as JSON has it
 * @param indent - what stands before the line that it begins on
 */
export function printLiteral(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => printLiteral(item, inner))
    : Object.entries(value).map(([name, part]) => `${key(name)}: ${printLiteral(part, inner)}`);
  const [open, close, space] = Array.isArray(value) ? ['[', ']', ''] : ['{', '}', ' '];
  if (parts.length === 0) return `${open}${close}`;
  const short = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (isFlat(value) && indent.length + short.length <= lineWidth) return short;
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

// JSON escapes what has to be, but for the other kind of quotes.
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/** Whether nothing in it but lists of words takes room. */
const isFlat = (value: object): boolean =>
  Object.values(value).every((part) => typeof part !== 'object' || part === null || isWords(part));

const isWords = (part: unknown): boolean => Array.isArray(part) && part.every((item) => typeof item === 'string');
