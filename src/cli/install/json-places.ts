import type { Node } from 'jsonc-parser';
import type { FoundHook, HookEvent } from './hook-events.ts';
import { propertyOf } from './json-tree.ts';

/**
 * The value of a property.
 *
 * @param property - the property's node
 */
export const valueNode = (property: Node | undefined): Node | undefined => property?.children?.[1];

function listNode(root: Node, event: HookEvent): Node | undefined {
  return valueNode(propertyOf(valueNode(propertyOf(root, 'hooks')), event));
}

const groupHooks = (root: Node, { event, group }: FoundHook): Node | undefined =>
  valueNode(propertyOf(listNode(root, event)?.children?.[group], 'hooks'));

/**
 * Where a hook stands.
 *
 * @param root - the configuration's tree
 * @param hook - which one
 */
export const hookNode = (root: Node, hook: FoundHook): Node | undefined =>
  groupHooks(root, hook)?.children?.[hook.handler];

/** Something to remove: an item of a container, and its node. */
export interface Target {
  readonly container: Node | undefined;
  readonly index: number;
}

/**
 * What goes with a hook, the smallest first: the hook, its group, the event's list, the object of all hooks. A larger one
 * goes only where nothing but the smaller one is in it, no comment either.
 *
 * @param text - the whole text
 * @param root - its tree
 * @param hook - which one
 */
export function targetsOf(text: string, root: Node, hook: FoundHook): readonly Target[] {
  const hooks = parentOf(root, 'hooks');
  const list = parentOf(hooks.value, hook.event);
  const handlers = groupHooks(root, hook);
  const all: readonly Target[] = [
    { container: handlers, index: hook.handler },
    { container: list.value, index: hook.group },
    { container: hooks.value, index: list.index },
    { container: root, index: hooks.index },
  ];
  const last = all.findIndex(({ container }, level) => {
    const [smaller, larger] = [nodeOf(all[level]), nodeOf(all[level + 1])];
    return container?.children?.length !== 1 || larger === undefined || hasComment(text, larger, smaller);
  });
  return all.slice(0, last + 1);
}

const nodeOf = (target: Target | undefined): Node | undefined => target?.container?.children?.[target.index];

function parentOf(node: Node | undefined, name: string): { readonly value: Node | undefined; readonly index: number } {
  return { value: valueNode(propertyOf(node, name)), index: node?.children?.findLastIndex(isNamed(name)) ?? -1 };
}

function hasComment(text: string, larger: Node, smaller: Node | undefined): boolean {
  const [start, end] = smaller === undefined ? [0, 0] : [smaller.offset, smaller.offset + smaller.length];
  const around = text.slice(larger.offset, start) + text.slice(end, larger.offset + larger.length);
  return /\/[/*]/.test(around);
}

const isNamed =
  (name: string) =>
  ({ children: [key] = [] }: Node): boolean =>
    key?.value === name;
