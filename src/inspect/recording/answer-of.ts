const done = 'xstate.done.actor.';
const error = 'xstate.error.actor.';

/** Who answered the machine, and whether with an error. */
export interface Answer {
  readonly actor: string;
  readonly isError: boolean;
}

/**
 * What XState's name of an event says of the actor that it comes from.
 *
 * @param type - such as `xstate.done.actor.look`
 * @returns undefined where no actor has answered or failed
 */
export function answerOf(type: string): Answer | undefined {
  if (type.startsWith(done)) return { actor: type.slice(done.length), isError: false };
  if (type.startsWith(error)) return { actor: type.slice(error.length), isError: true };
  return undefined;
}
