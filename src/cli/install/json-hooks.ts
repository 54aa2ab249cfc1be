import { isDeepStrictEqual } from 'node:util';
import { getNodeValue, type Node } from 'jsonc-parser';
import { type FoundHook, findHooks, type HookEvent } from './hook-events.ts';
import { withGroupInTree, withoutInTree } from './json-expectation.ts';
import { hookNode, targetsOf, valueNode } from './json-places.ts';
import { appendItem, parseJson, removeItem, replaceItem } from './json-text.ts';
import { type JsonTree, propertyOf, treeOf } from './json-tree.ts';
import { isHandWritten, isOwnHook } from './own-command.ts';
import { Refusal } from './refusal.ts';
import { styleOf } from './text-style.ts';

/** An edited text, and which events it was about. */
export interface HooksEdit {
  readonly text: string;
  readonly events: readonly HookEvent[];
}

/**
 * Adds our hook to the events of a JSON configuration, as the last group of each, since agents know a hook by its
 * place in the list; a hook of ours that is there gets the wanted command. Nothing else changes.
 *
 * @param text - the configuration, without a byte order mark
 * @param command - the hook's command
 * @param events - where it is wanted
 * @throws Refusal where the text does not parse, or has something else where hooks belong
 */
export function addJsonHooks(text: string, command: string, events: readonly HookEvent[]): HooksEdit {
  const changed: HookEvent[] = [];
  let done = text;
  for (const event of events) {
    const root = rootOf(done);
    const there = hooksIn(root, isOwnHook).find((hook) => hook.event === event);
    if (there?.command === command || hooksIn(root, isHandWritten).some((hook) => hook.event === event)) continue;
    const next = there === undefined ? withGroup(done, root, event, command) : withCommand(done, root, there, command);
    done = next;
    changed.push(event);
  }
  return { text: done, events: changed };
}

/**
 * Takes our hooks out of a JSON configuration, and what they alone had filled.
 *
 * @param text - the configuration, without a byte order mark
 * @throws Refusal where the text does not parse
 */
export function removeJsonHooks(text: string): HooksEdit {
  const events = new Set<HookEvent>();
  let done = text;
  for (;;) {
    const root = rootOf(done);
    const hook = hooksIn(root, isOwnHook).at(-1);
    if (hook === undefined) return { text: done, events: [...events].reverse() };
    events.add(hook.event);
    const before = treeOf(done, root);
    const next = withoutHook(done, root, hook);
    mustSay(next, withoutInTree(before, hook, targetsOf(done, root, hook).length));
    done = next;
  }
}

/**
 * Finds hooks in a JSON configuration.
 *
 * @param root - the configuration's tree
 * @param isWanted - judges a command
 */
export const hooksIn = (root: Node, isWanted: (command: unknown) => command is string): FoundHook[] =>
  findHooks(parsed(valueNode(propertyOf(root, 'hooks'))), isWanted);

const parsed = (node: Node | undefined): unknown => (node === undefined ? undefined : getNodeValue(node));

function rootOf(text: string): Node {
  const root = parseJson(text);
  if (root.type !== 'object') throw new Refusal(`holds ${nameOf(root)} where an object belongs`);
  return root;
}

const nameOf = ({ type }: Node): string =>
  /^[aeiou]/.test(type) ? `an ${type}` : type === 'null' ? 'null' : `a ${type}`;

function withGroup(text: string, root: Node, event: HookEvent, command: string): string {
  const { unit, eol } = styleOf(text);
  // On one line: that is how people read and compare it best.
  const group = `{ "hooks": [{ "type": "command", "command": ${JSON.stringify(command)} }] }`;
  const named = `"${event}": [${group}]`;
  const hooks = valueNode(propertyOf(root, 'hooks'));
  const list = valueNode(propertyOf(hooks, event));
  const [container, item] =
    hooks === undefined
      ? [root, `"hooks": {\n${unit}${named}\n}`]
      : list === undefined
        ? [mustBe('object', hooks, '"hooks"'), named]
        : [mustBe('array', list, `"${event}"`), group];
  const next = appendItem(text, container, item);
  mustSay(next, withGroupInTree(treeOf(text, root), event, command));
  return text.trim() === '{}' ? `${next.trimEnd()}${eol}` : next;
}

function withCommand(text: string, root: Node, hook: FoundHook, command: string): string {
  const node = valueNode(propertyOf(hookNode(root, hook), 'command'));
  return node === undefined ? text : replaceItem(text, node, JSON.stringify(command));
}

function mustBe(type: 'object' | 'array', node: Node, name: string): Node {
  if (node.type === type) return node;
  throw new Refusal(`holds ${nameOf(node)} in ${name}, where an ${type} belongs`);
}

function mustSay(text: string, tree: JsonTree): void {
  if (!isDeepStrictEqual(treeOf(text, parseJson(text)), tree)) throw new Refusal('cannot be edited safely');
}

function withoutHook(text: string, root: Node, hook: FoundHook): string {
  const target = targetsOf(text, root, hook).at(-1);
  return target?.container === undefined ? text : removeItem(text, target.container, target.index);
}
