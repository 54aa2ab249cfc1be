import type { Node } from 'jsonc-parser';

/** What a JSON text says, with the order of its keys, those that come twice, and numbers as they are written. */
export type JsonTree =
  | { readonly object: (readonly [key: string, value: JsonTree])[] }
  | { readonly array: JsonTree[] }
  | { readonly scalar: string };

/**
 * What a part of a JSON text says.
 *
 * @param text - the whole text
 * @param node - the part
 */
export function treeOf(text: string, node: Node): JsonTree {
  const children = node.children ?? [];
  if (node.type === 'array') return { array: children.map((child) => treeOf(text, child)) };
  if (node.type !== 'object') return { scalar: text.slice(node.offset, node.offset + node.length) };
  return {
    object: children.map(({ children: [key, value] = [] }) => [
      String(key?.value),
      value === undefined ? { scalar: '' } : treeOf(text, value),
    ]),
  };
}

/**
 * The value of a key of an object; of a key that comes twice, the last one, as parsers take it.
 *
 * @param node - any node
 * @param name - the key
 * @returns undefined where there is none
 */
export function propertyOf(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'object') return undefined;
  return node.children?.findLast(({ children: [key] = [] }) => key?.value === name);
}
