import type { ActorName } from '../../../machines/contract.ts';
import type { Moment } from '../world.ts';

/** The outcome's short name: an answer's, or a failure's code. */
export const wanted = ({ outcome }: Moment): string => (outcome.kind === 'answer' ? outcome.name : outcome.code);

/** The next outcome of an actor on the rest of the path. */
export function upcoming({ ahead }: Moment, actor: ActorName): string | undefined {
  for (const { outcome } of ahead) {
    if (outcome.kind !== 'delay' && outcome.actor === actor) {
      return outcome.kind === 'answer' ? outcome.name : outcome.code;
    }
  }
  return undefined;
}

/**
 * The moment at which a path begins with an actor's outcome.
 *
 * @param ahead - the rest of a path
 */
export function moment(ahead: Moment['ahead']): Moment | undefined {
  const outcome = ahead[0]?.outcome;
  return outcome === undefined || outcome.kind === 'delay' ? undefined : { actor: outcome.actor, outcome, ahead };
}
