/** How a text is emphasised on a terminal that has colours. */
export type Paint = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const codes: Readonly<Record<Paint, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/**
 * What emphasises texts: colours on a terminal, nothing elsewhere, where `NO_COLOR` is set, or on a dumb terminal.
 *
 * @param isTerminal - whether the output is one
 * @param env - environment
 */
export function painter(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): (paint: Paint, text: string) => string {
  const isPlain = !isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return isPlain ? (_paint, text) => text : (paint, text) => `\u001b[${codes[paint]}m${text}\u001b[0m`;
}
