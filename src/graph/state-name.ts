import type { StateValue } from 'xstate';

/**
 * The name of the state that a snapshot is in, such as `locked.transfer.prepare`.
 *
 * @param snapshot - a snapshot, or only its value
 */
export function stateName(snapshot: { readonly value: StateValue }): string {
  const names: string[] = [];
  let { value } = snapshot;
  while (typeof value === 'object') {
    const [name = '', inner = ''] = Object.entries(value)[0] ?? [];
    names.push(name);
    value = inner;
  }
  return [...names, value].join('.');
}
