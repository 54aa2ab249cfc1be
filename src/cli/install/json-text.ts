import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { Refusal } from './refusal.ts';
import { indentAt, styleOf } from './text-style.ts';

/** A change of a text: what stands from `start` to `end` becomes `text`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Parses JSON, with the comments and trailing commas that people leave in their settings.
 *
 * @param text - the text, without a byte order mark
 * @returns the tree, which knows where everything stands
 * @throws Refusal where it does not parse
 */
export function parseJson(text: string): Node {
  const errors: ParseError[] = [];
  const tree = attempt(() => parseTree(text, errors, { allowTrailingComma: true }));
  if (tree === undefined || errors.length > 0) throw new Refusal('does not parse as JSON');
  return tree;
}

/**
 * Adds an item at the end of an array or an object, after whatever comments stand there.
 *
 * @param text - the whole text
 * @param container - the array's or the object's node
 * @param item - JSON on as many lines as it likes, indented by one {@link TextStyle} unit a level
 */
export function appendItem(text: string, container: Node, item: string): string {
  const { eol, unit } = styleOf(text);
  const close = container.offset + container.length - 1;
  const [first, last] = [container.children?.[0], container.children?.at(-1)];
  const from = last === undefined ? container.offset + 1 : endOf(last);
  const kept = from + text.slice(from, close).trimEnd().length;
  const outer = indentAt(text, container.offset);
  const own = first === undefined ? '' : text.slice(text.lastIndexOf('\n', first.offset - 1) + 1, first.offset);
  const isOnOwnLine =
    first !== undefined && own.trim() === '' && text.slice(container.offset, first.offset).includes('\n');
  const indent = isOnOwnLine ? own : outer + unit;
  const closing = text.slice(kept, close).includes('\n') ? text.slice(kept, close) : eol + outer;
  const added = eol + indent + item.replaceAll('\n', eol + indent) + closing;
  const edits: Edit[] = [{ start: kept, end: close, text: added }];
  if (last !== undefined && commaIn(text, from, close) === undefined) edits.push({ start: from, end: from, text: ',' });
  return applied(text, edits);
}

/**
 * Takes an item out of an array or an object, and the comma that goes with it; comments beside it stay.
 *
 * @param text - the whole text
 * @param container - the array's or the object's node
 * @param index - which of its children
 */
export function removeItem(text: string, container: Node, index: number): string {
  const children = container.children ?? [];
  const [item, previous, next] = [children[index], children[index - 1], children[index + 1]];
  if (item === undefined) return text;
  const close = container.offset + container.length - 1;
  const before = text.slice(0, item.offset).trimEnd().length;
  // A comment that ends with its line would swallow what comes after it.
  const isAfterComment = /\/\/[^\r\n]*$/.test(text.slice(text.lastIndexOf('\n', before - 1) + 1, before));
  const endsItsLine = /^,?[ \t]*(\r?\n|$)/.test(text.slice(endOf(item)));
  const start = isAfterComment && !endsItsLine ? item.offset : before;
  const comma =
    commaIn(text, endOf(item), next?.offset ?? close) ??
    (previous === undefined ? undefined : commaIn(text, endOf(previous), item.offset));
  const edits: Edit[] = [{ start, end: endOf(item), text: '' }];
  if (comma !== undefined) edits.push({ start: comma, end: comma + 1, text: '' });
  const isLast = children.length === 1 && text.slice(endOf(item), close).trim().replace(',', '') === '';
  if (isLast && start === container.offset + 1) edits[0] = { start, end: close, text: '' };
  return applied(text, isLast && start === container.offset + 1 ? edits.slice(0, 1) : edits);
}

/**
 * Puts another value in the place of one.
 *
 * @param text - the whole text
 * @param node - what goes
 * @param value - JSON
 */
export const replaceItem = (text: string, node: Node, value: string): string =>
  applied(text, [{ start: node.offset, end: endOf(node), text: value }]);

/** Where a node ends. */
const endOf = (node: Node): number => node.offset + node.length;

/** Between two items stand but white space, comments and a comma. */
function commaIn(text: string, start: number, end: number): number | undefined {
  const marks = text.slice(start, end).matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,/g);
  const [comma] = [...marks].filter(([mark]) => mark === ',');
  return comma === undefined ? undefined : start + comma.index;
}

function applied(text: string, edits: readonly Edit[]): string {
  const fromTheEnd = [...edits].sort((a, b) => b.start - a.start);
  return fromTheEnd.reduce((done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end), text);
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    // Nested deeper than the stack.
    return undefined;
  }
}
