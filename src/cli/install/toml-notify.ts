import { shellLine, splitOwn } from './own-command.ts';
import { Refusal } from './refusal.ts';
import { styleOf } from './text-style.ts';
import { arrayPlaces, parseToml, says, type TomlDocument, tomlString } from './toml-text.ts';

/** An edited text, and what is started after us from now on; empty where there is nothing. */
export interface NotifyEdit {
  readonly text: string;
  readonly isChanged: boolean;
  readonly chained: readonly string[];
}

/** Before the words of the program that `notify` starts, too. */
const then = '--then';

/**
 * Makes us Codex's notification program. One that is there goes on: ours starts it.
 *
 * @param text - `config.toml`, without a byte order mark
 * @param program - what starts us
 * @throws Refusal where the text does not parse, or `notify` is no list of words
 */
export function addNotify(text: string, program: readonly string[]): NotifyEdit {
  const document = parseToml(text);
  const there = wordsOf(document);
  const own = splitOwn(there, 'notify');
  if (own === undefined && /\bforge-resume\b/.test(shellLine(there))) return { text, isChanged: false, chained: [] };
  const chained = own === undefined ? there : chainOf(own.rest);
  const wanted = [...program, 'notify', ...(chained.length === 0 ? [] : [then, ...chained])];
  if (own !== undefined && shellLine(wanted) === shellLine(there)) return { text, isChanged: false, chained };
  const edited = Object.hasOwn(document, 'notify')
    ? replaced(text, document, wanted)
    : inserted(text, document, wanted);
  return { text: edited, isChanged: true, chained };
}

/**
 * Takes us out of Codex's `notify`; the program that we started takes its place again.
 *
 * @param text - `config.toml`, without a byte order mark
 * @throws Refusal where the text does not parse
 */
export function removeNotify(text: string): NotifyEdit {
  const document = parseToml(text);
  const own = isWords(document['notify']) ? splitOwn(document['notify'], 'notify') : undefined;
  if (own === undefined) return { text, isChanged: false, chained: [] };
  const chained = chainOf(own.rest);
  return { text: replaced(text, document, chained), isChanged: true, chained };
}

const chainOf = (rest: readonly string[]): readonly string[] => (rest[0] === then ? rest.slice(1) : []);

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === 'string');

function wordsOf({ notify = [] }: TomlDocument): readonly string[] {
  if (isWords(notify)) return notify;
  throw new Refusal('has a "notify" that is no list of words');
}

const listOf = (words: readonly string[]): string => `[${words.map(tomlString).join(', ')}]`;

function replaced(text: string, document: TomlDocument, words: readonly string[]): string {
  const { notify: _gone, ...others } = document;
  const wanted: TomlDocument = words.length === 0 ? others : { ...document, notify: [...words] };
  for (const [line, start, end] of arrayPlaces(text, 'notify')) {
    const rest = text.slice(end).replace(/^[ \t]*\r?\n/, '');
    const edited =
      words.length === 0 ? text.slice(0, line) + rest : text.slice(0, start) + listOf(words) + text.slice(end);
    if (says(edited, wanted)) return edited;
  }
  throw new Refusal('has a "notify" that cannot be edited safely');
}

function inserted(text: string, document: TomlDocument, words: readonly string[]): string {
  const { eol } = styleOf(text);
  // Above all tables; editors look for the schema's line above everything.
  const at = /^#:schema.*\r?\n/.exec(text)?.[0].length ?? 0;
  const edited = `${text.slice(0, at)}notify = ${listOf(words)}${eol}${text.slice(at)}`;
  if (says(edited, { ...document, notify: [...words] })) return edited;
  throw new Refusal('cannot be edited safely');
}
