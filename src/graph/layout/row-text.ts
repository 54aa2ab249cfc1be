import { nameOf, type StateDefinition, type TransitionDefinition } from './definition.ts';

/**
 * What is written for a transition: what makes it happen and under which condition, without what its state says already.
 *
 * @param state - the state that it leaves
 * @param transition - one of the state's
 */
export function rowText(state: StateDefinition, transition: TransitionDefinition): string {
  const siblings = (state.transitions ?? []).filter(({ eventType }) => eventType === transition.eventType);
  const guard = nameOf(transition.guard) || (siblings.length > 1 ? 'else' : '');
  const what = trigger(state, transition);
  if (what === 'done') return guard || what;
  return guard === '' ? what : `${what}: ${guard}`;
}

function trigger({ invoke = [] }: StateDefinition, { eventType, delay }: TransitionDefinition): string {
  if (eventType === '') return 'always';
  const [system, kind = '', ...rest] = eventType.split('.');
  if (system !== 'xstate') return eventType;
  if (kind === 'after') return `after ${delay ?? rest[0]}`;
  if (kind !== 'done' && kind !== 'error') return eventType;
  // Which actor it was goes without saying where only one runs.
  return invoke.length > 1 && rest[0] === 'actor' ? `${rest.slice(1).join('.')} ${kind}` : kind;
}
