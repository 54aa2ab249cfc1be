import { type ForgeState, iterationOf } from './forge-state.ts';
import { protocol } from './protocol.ts';

const { fields } = protocol;

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * Carries what another writer did to `base` over into what we made of `base`, field by field (protocol.md,
 * "Replace" and "Recover"). A field that only they changed is theirs, a field that we changed stays ours, and
 * `iteration` is the highest of the three.
 *
 * @param base - the content from which both started
 * @param theirs - the other writer's content
 * @param ours - our content
 * @returns `ours` itself if there is nothing to carry over
 */
export function mergeProgress(base: ForgeState, theirs: ForgeState, ours: ForgeState): ForgeState {
  const merged: Record<string, unknown> = { ...ours };
  let changed = false;
  for (const name of new Set([...Object.keys(base), ...Object.keys(theirs)])) {
    const theyChanged = Object.hasOwn(base, name) !== Object.hasOwn(theirs, name) || !same(base[name], theirs[name]);
    const weChanged = Object.hasOwn(base, name) !== Object.hasOwn(ours, name) || !same(base[name], ours[name]);
    if (!theyChanged || weChanged) continue;
    changed = true;
    if (Object.hasOwn(theirs, name)) Object.defineProperty(merged, name, own(theirs[name]));
    else delete merged[name];
  }
  const highest = Math.max(...[base, theirs, ours].map((state) => iterationOf(state) ?? Number.NEGATIVE_INFINITY));
  if (Number.isFinite(highest) && (iterationOf(merged) ?? Number.NEGATIVE_INFINITY) < highest) {
    merged[fields.iteration] = highest;
    changed = true;
  }
  return changed ? merged : ours;
}

const own = (value: unknown): PropertyDescriptor => ({ value, enumerable: true, writable: true, configurable: true });
