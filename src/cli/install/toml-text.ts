import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable } from 'smol-toml';
import { Refusal } from './refusal.ts';

/** What a TOML text says. */
export type TomlDocument = TomlTable;

/**
 * Parses TOML.
 *
 * @param text - the text, without a byte order mark
 * @throws Refusal where it does not parse
 */
export function parseToml(text: string): TomlDocument {
  const document = tried(text);
  if (document === undefined) throw new Refusal('does not parse as TOML');
  return document;
}

/**
 * Whether a text says exactly what it should: what an edit of TOML is judged by, since nothing but a parser knows where
 * a key ends and a string begins.
 *
 * @param text - the edited text
 * @param wanted - what it should say
 * @param essence - leaves out what makes no difference
 */
export function says(text: string, wanted: TomlDocument, essence = (document: TomlDocument) => document): boolean {
  const document = tried(text);
  return document !== undefined && isDeepStrictEqual(plain(essence(document)), plain(essence(wanted)));
}

/**
 * A text as TOML writes it.
 *
 * @param text - any text
 */
export const tomlString = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007f');

/**
 * Where the value of a key at the top of a document stands, as far as it can be told line by line; a place inside of a
 * longer string looks the same, so that an edit there must be judged by {@link says}.
 *
 * @param text - the text
 * @param key - a bare key, whose value is an array
 * @returns a start and an end for each place
 */
export function arrayPlaces(
  text: string,
  key: string,
): readonly (readonly [line: number, start: number, end: number])[] {
  const heads = text.matchAll(new RegExp(`^[ \\t]*(?:${key}|"${key}"|'${key}')[ \\t]*=[ \\t]*(?=\\[)`, 'gm'));
  return [...heads].flatMap((head) => {
    const start = head.index + head[0].length;
    const end = endOfArray(text, start);
    return end === undefined ? [] : [[head.index, start, end] as const];
  });
}

function endOfArray(text: string, start: number): number | undefined {
  for (let close = text.indexOf(']', start); close !== -1; close = text.indexOf(']', close + 1)) {
    if (tried(`v = ${text.slice(start, close + 1)}`) !== undefined) return close + 1;
  }
  return undefined;
}

/** The same in objects of one kind: a parser's have no prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return { date: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

function tried(text: string): TomlDocument | undefined {
  try {
    return parse(text, { integersAsBigInt: true });
  } catch {
    return undefined;
  }
}
