import type { ActorName, ActorOutput } from '../../../machines/contract.ts';
import type { ForgeResumeErrorCode } from '../../errors.ts';

/** Codes with which an actor can fail; `UNKNOWN` is whatever has none: a hook's error, an abort. */
export type FailureCode = ForgeResumeErrorCode | 'UNKNOWN';

/** One output that stands for all that a machine cannot tell from it, with a name to speak of it. */
export interface Sample<Output> {
  /** Tells it from the other samples of its actor; paths and `never` speak of it as `actor: name`. */
  readonly name: string;
  /** What the actor answers. */
  readonly output: Output;
}

/** All that stand for one kind of answer. */
export type Samples<Output> = readonly [Sample<Output>, ...Sample<Output>[]];

/** What one actor can answer, by kind of output, and with which codes it can fail. */
export interface ActorOutcomes<Name extends ActorName> {
  /** Its answers, by their kind. */
  readonly outputs: {
    readonly [Kind in ActorOutput<Name>['kind']]: Samples<Extract<ActorOutput<Name>, { readonly kind: Kind }>>;
  };
  /** The codes with which it can fail; empty where it may not. */
  readonly errors: readonly FailureCode[];
}

/** What every actor can answer; an output without an entry does not compile. */
export type Alphabet = { readonly [Name in ActorName]: ActorOutcomes<Name> };

/** An answer of which there is one sample. */
export const only = <Output>(name: string, output: Output): Samples<Output> => [{ name, output }];
