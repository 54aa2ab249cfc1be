import type { PayloadIdentity } from './ownership.ts';

/** Tells by a file's bytes alone that it cannot hold a run of the wanted agent. */
export type CouldMatch = (bytes: Buffer) => boolean;

const backslash = 0x5c;

/**
 * Builds the look before the parse: a file that holds neither wanted id as text, nor any backslash under which an id
 * could hide, cannot match rule 6 (src/rules/README.md#rule-6-candidates). Ids that JSON may write in other ways than
 * letter by letter (numbers, joined lists, escapes, replaced bytes) cannot be looked for: then every file could match.
 *
 * @param identity - the trimmed payload ids
 */
export function makeCouldMatch(identity: PayloadIdentity): CouldMatch {
  const wanted = [...new Set([identity.sessionId, identity.threadId])].filter((id) => id !== '');
  if (wanted.some((id) => !isLiteral(id))) return () => true;
  const needles = wanted.map((id) => Buffer.from(id, 'utf8'));
  return (bytes) => needles.some((needle) => bytes.includes(needle)) || bytes.includes(backslash);
}

/** Whether any JSON value whose text is this id must contain the id letter by letter, or a backslash. */
function isLiteral(id: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(id) || /["\\,]/.test(id)) return false;
  if (id.startsWith('[object')) return false;
  return Number.isNaN(Number(id));
}
