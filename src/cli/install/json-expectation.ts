import { type FoundHook, type HookEvent, hookGroup } from './hook-events.ts';
import { parseJson } from './json-text.ts';
import { type JsonTree, treeOf } from './json-tree.ts';

type Entries = (readonly [string, JsonTree])[];
const entriesOf = (tree: JsonTree | undefined): Entries => (tree !== undefined && 'object' in tree ? tree.object : []);
const itemsOf = (tree: JsonTree | undefined): JsonTree[] => (tree !== undefined && 'array' in tree ? tree.array : []);
const lastOf = (entries: Entries, name: string): JsonTree | undefined => entries.findLast(([key]) => key === name)?.[1];

const asTree = (value: unknown): JsonTree => {
  const text = JSON.stringify(value);
  return treeOf(text, parseJson(text));
};

/**
 * What a configuration should say once it has our group; what an edit of its text is judged by.
 *
 * @param tree - what it says now; changed in place
 * @param event - which list
 * @param command - the hook's command
 */
export function withGroupInTree(tree: JsonTree, event: HookEvent, command: string): JsonTree {
  const group = asTree(hookGroup(command));
  const hooks = lastOf(entriesOf(tree), 'hooks');
  const list = lastOf(entriesOf(hooks), event);
  if (hooks === undefined) entriesOf(tree).push(['hooks', { object: [[event, { array: [group] }]] }]);
  else if (list === undefined) entriesOf(hooks).push([event, { array: [group] }]);
  else itemsOf(list).push(group);
  return tree;
}

/**
 * What a configuration should say without a hook of ours.
 *
 * @param tree - what it says now; changed in place
 * @param hook - which one
 * @param levels - how much goes: 1 the hook, 2 its group, 3 the event's list, 4 the object of all hooks
 */
export function withoutInTree(tree: JsonTree, { event, group, handler }: FoundHook, levels: number): JsonTree {
  const remove = (entries: Entries, name: string): unknown =>
    entries.splice(
      entries.findLastIndex(([key]) => key === name),
      1,
    );
  const hooks = lastOf(entriesOf(tree), 'hooks');
  const list = lastOf(entriesOf(hooks), event);
  if (levels === 4) remove(entriesOf(tree), 'hooks');
  else if (levels === 3) remove(entriesOf(hooks), event);
  else if (levels === 2) itemsOf(list).splice(group, 1);
  else itemsOf(lastOf(entriesOf(itemsOf(list)[group]), 'hooks')).splice(handler, 1);
  return tree;
}
