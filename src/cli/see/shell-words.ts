/**
 * An argument vector as it is typed in a shell.
 *
 * @param argv - words, which may be foreign
 */
export const shellWords = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
