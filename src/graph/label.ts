import type { ChartTransition } from './chart.ts';

/**
 * What stands at a transition's arrow: what makes it happen and under which condition.
 *
 * @param transition - the transition
 */
export function labelOf({ on, guard, after }: ChartTransition): string {
  const what = on.kind === 'done' ? `${on.of}` : on.kind === 'error' ? `${on.of} fails` : `after ${on.of}`;
  if (guard !== '') return `${what} [${guard}]`;
  return after.length > 0 ? `${what} [else]` : what;
}
