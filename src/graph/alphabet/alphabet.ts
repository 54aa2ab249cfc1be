import type { ActorName, ActorOutput } from '../../../machines/contract.ts';
import type { ForgeResumeErrorCode } from '../../errors.ts';

/** Codes with which an actor can fail; `UNKNOWN` is whatever has none: a hook's error, an abort. */
export type FailureCode = ForgeResumeErrorCode | 'UNKNOWN';

/** One output that stands for all that a machine cannot tell from it, with a name to speak of it. */
export interface Sample<Output> {
  readonly name: string;
  readonly output: Output;
}

/** All that stand for one kind of answer. */
export type Samples<Output> = readonly [Sample<Output>, ...Sample<Output>[]];

/** What one actor can answer, by kind of output, and with which codes it can fail. */
export interface ActorOutcomes<Name extends ActorName> {
  readonly outputs: {
    readonly [Kind in ActorOutput<Name>['kind']]: Samples<Extract<ActorOutput<Name>, { readonly kind: Kind }>>;
  };
  readonly errors: readonly FailureCode[];
}

/** What every actor can answer; an output without an entry does not compile. */
export type Alphabet = { readonly [Name in ActorName]: ActorOutcomes<Name> };

/** An answer of which there is one sample. */
export const only = <Output>(name: string, output: Output): Samples<Output> => [{ name, output }];
