/**
 * What each actor is asked for, what it owes, and what it may answer (the same as a table:
 * src/testing/README.md#what-each-actor-owes). Two sentences hold for all of them. An actor answers or throws, and what
 * it throws ends the call unless its entry says otherwise; a string `code` on an error tells the machine what happened.
 * What an actor has begun it finishes: nothing of it may happen after it has answered.
 */
import type { HookContract } from './hook-contract.ts';
import type { LockContract } from './lock-contract.ts';
import type { RunContract } from './run-contract.ts';
import type { TransferContract } from './transfer-contract.ts';

/** The same without the caller's hooks. */
export interface OwedContract extends LockContract, RunContract, TransferContract {}
/** Input and output of each actor, and its duties. */
export interface ActorContract extends OwedContract, HookContract {}

/** Name of an actor that answers with one output. */
export type ActorName = keyof ActorContract;
/** The input of an actor. */
export type ActorInput<Name extends ActorName> = ActorContract[Name]['input'];
/** The output of an actor. */
export type ActorOutput<Name extends ActorName> = ActorContract[Name]['output'];

/** What every implementation of an actor receives beside its input. */
export interface ActorScope {
  /** Aborts when the machine stops waiting for the actor. */
  readonly signal: AbortSignal;
}

/** An implementation of one actor: throws (an error with a string `code`, if it can) or answers. */
export type ActorBody<Name extends ActorName> = (
  input: ActorInput<Name>,
  scope: ActorScope,
) => ActorOutput<Name> | Promise<ActorOutput<Name>>;

/** Starts keeping the lock alive; returns what stops it. */
export type KeepLock = () => () => void;

/** A whole set of actors: what a store and a pane look-up must supply together, and the hooks, if there are any. */
// An editor shows an actor's duties only where `keyof` stands in the type itself.
export type Actors = { readonly [Name in keyof OwedContract]: ActorBody<Name> } & {
  readonly [Name in keyof HookContract]?: ActorBody<Name> | undefined;
} & {
  /**
   * - Called: as soon as the lock is held; what it returns, when the lock is to be released, or was lost.
   * - Must: keep others from holding the lock to be abandoned, until it is stopped; where nobody would, do nothing.
   * - Must not: touch a lock that is somebody else's now, or keep the process alive when it is stopped.
   * - Answers: a function that stops it.
   * - May throw: nothing; the machine would stop.
   */
  readonly keepLock: KeepLock;
};
