import { policySwitches } from '../policy-switches.ts';

/** A hook's or notification's command that `forge-resume install` writes. */
export interface OwnCommand {
  /** What starts the program: `forge-resume`, or Node and the program by absolute paths. */
  readonly program: readonly string[];
  /** Switches of `forge-resume hook`. */
  readonly switches: readonly string[];
}

const plainWord = /^[\w@%+=:,./-]+$/;

/**
 * Writes words as one line for a shell.
 *
 * @param words - any texts
 * @example shellLine(['a b', 'c']) // "'a b' c"
 */
export const shellLine = (words: readonly string[]): string =>
  words.map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');

/** What {@link shellLine} writes: a plain word, or quoted parts. */
const lineOfWords = /^(?:[\w@%+=:,./-]+|(?:'[^']*'|\\')+)(?: (?:[\w@%+=:,./-]+|(?:'[^']*'|\\')+))*$/;
const oneWord = /[\w@%+=:,./-]+|(?:'[^']*'|\\')+/g;

/**
 * Reads a line that {@link shellLine} wrote.
 *
 * @param line - a hook's command
 * @returns undefined where a shell would do more with it than split it, and where a person wrote it in another way
 */
export function shellWords(line: string): string[] | undefined {
  if (!lineOfWords.test(line)) return undefined;
  const plain = (word: string): string =>
    word.replaceAll(/'([^']*)'|\\'/g, (part, quoted?: string) => quoted ?? (part === "\\'" ? "'" : part));
  return (line.match(oneWord) ?? []).map(plain);
}

const isProgram = (words: readonly string[]): boolean =>
  words.length === 1 ? /(^|\/)forge-resume$/.test(words[0] ?? '') : /(^|\/)forge-resume\.cjs$/.test(words[1] ?? '');

/**
 * Takes words apart that start the program with a command of ours.
 *
 * @param words - a command line
 * @param command - `hook` or `notify`
 * @returns what starts the program and what follows the command; undefined where it is no such line
 */
export function splitOwn(
  words: readonly string[],
  command: 'hook' | 'notify',
): { readonly program: readonly string[]; readonly rest: readonly string[] } | undefined {
  const at = [1, 2].find((length) => words[length] === command && isProgram(words.slice(0, length)));
  return at === undefined ? undefined : { program: words.slice(0, at), rest: words.slice(at + 1) };
}

/**
 * The line of a hook.
 *
 * @param command - what to start, and how
 */
export const hookLine = ({ program, switches }: OwnCommand): string => shellLine([...program, 'hook', ...switches]);

/** The switches that `install` hands on to a hook, and whether each takes a value. */
const handedOn: ReadonlyMap<string, boolean> = new Map([
  ['--follow-links', false],
  ['--record', true],
  ...Object.values(policySwitches).map(({ flag, takes }) => [flag, takes !== ''] as const),
]);

const areSwitches = ([first, ...others]: readonly string[]): boolean => {
  if (first === undefined) return true;
  const takesValue = handedOn.get(first);
  if (takesValue === undefined || (takesValue && others.length === 0)) return false;
  return areSwitches(takesValue ? others.slice(1) : others);
};

/**
 * Whether a hook's command is one that `install` wrote, or could have written. Whatever a person has made of it (a
 * wrapper, a variable before it, a pipe) is theirs.
 *
 * @param command - `command` of a hook, as parsed
 */
export function isOwnHook(command: unknown): command is string {
  if (typeof command !== 'string') return false;
  const own = splitOwn(shellWords(command) ?? [], 'hook');
  return own !== undefined && areSwitches(own.rest);
}

/**
 * Whether a hook's command calls us in a way that a person wrote.
 *
 * @param command - `command` of a hook, as parsed
 */
export const isHandWritten = (command: unknown): command is string =>
  typeof command === 'string' && /\bforge-resume(\.cjs)?['"]?\s+hook\b/.test(command) && !isOwnHook(command);
