/**
 * What each actor is asked for, what it owes, and what it may answer (the same as a table:
 * src/testing/README.md#what-each-actor-owes). Two sentences hold for all of them. An actor answers or throws, and what
 * it throws ends the call unless its entry says otherwise; a string `code` on an error tells the machine what happened.
 * What an actor has begun it finishes: nothing of it may happen after it has answered.
 */
import type {
  AcquireLockOutput,
  Candidate,
  EndedRun,
  LookOutput,
  MachineInput,
  ReadCurrentOutput,
  ReadNamedOutput,
  Recovery,
  RunHandle,
  TransferHandle,
} from './contract.ts';

/** Input and output of each actor, and its duties. */
export interface ActorContract {
  /**
   * - Called: first in every call, before the lock.
   * - Must: read what `readCurrent` and `scanCandidates` would read, and be in doubt where it is not sure.
   * - Must not: write anything, or wait for anybody.
   * - Answers: `answered`, with the decision, where nothing is to be written; `unquiet`, with the decision, where something
   *   that an earlier call left should be settled if the lock is free; `doubtful` where the lock decides.
   * - May throw: any error.
   */
  look: { input: MachineInput; output: LookOutput };
  /**
   * - Called: before the lock, where the look names no pane.
   * - Must: answer soon, for the agent waits.
   * - Must not: write anything.
   * - Answers: `found`, with the pane; `none` where the pane of a run is to be left alone.
   * - May throw: any error; it counts as `none`.
   */
  findPane: { input: null; output: { readonly kind: 'found'; readonly pane: string } | { readonly kind: 'none' } };
  /**
   * - Called: every 25 ms or sooner until it answers `held`, for 5 s at most; with `again` where the lock was lost, with `brief` where
   *   the look has a decision that stands without it.
   * - Must: take the lock so that no other call holds it, whichever process it is in, or say at once that it cannot.
   * - Must not: create a store where there is none; wait in a line or create anything for it where it is `brief`.
   * - Answers: `held`; `busy` where another call holds it; `watched` where that one seems to be gone and some seconds will
   *   tell; `storeMissing` where there is no store.
   * - May throw: `IO`, `STATE_UNSAFE`, any other error; where the look's decision stands, it is the result all the same.
   */
  acquireLock: {
    input: {
      /** The lock was lost and is wanted back. */
      readonly again: boolean;
      /** One try that waits in no queue and creates nothing for it: the look's answer stands where it fails. */
      readonly brief: boolean;
    };
    output: AcquireLockOutput;
  };
  /**
   * - Called: once the lock is held, before anything is read under it: the caller's hook.
   * - Must: end, for the lock is held meanwhile.
   * - Must not: make a call on the same store.
   * - Answers: `done`.
   * - May throw: any error.
   */
  afterLockAcquired: { input: null; output: { readonly kind: 'done' } };
  /**
   * - Called: under every lock, before anything else is read, and again where a lost lock was taken back.
   * - Must: settle what killed calls left, so that each run is live once: what was noted by `prepare` is finished, or taken
   *   back where nothing was written.
   * - Must not: touch a run that no unfinished transfer and no trail speaks of.
   * - Answers: `recovered`, with what became of each transfer; an empty list where there was none.
   * - May throw: `IO`, `STATE_UNSAFE`, `JOURNAL_VERSION`, `RECOVERY_BLOCKED`, `LOCK_LOST`, any other error.
   */
  recover: {
    input: MachineInput;
    output: { readonly kind: 'recovered'; readonly recovered: readonly Recovery[] };
  };
  /**
   * - Called: after `recover`, and again where `updateOwner` or `prepare` answers `changed` or `writeTarget` answers `taken`.
   * - Must: say which session is current, and what run it has now. Current is what a command names: the session that `adopt`
   *   is to give the run to, and for `undo` the one that the run came from last, none where it came from nowhere. With the
   *   policy `refuseForeignOwner`, say of an active run whether it names another conversation: `foreign`.
   * - Must not: write anything.
   * - Answers: `missing` where no session is current; `absent` where it has no run; `active`; `present` where its run is not
   *   active; `unreadable` where its run cannot be understood.
   * - May throw: `STATE_UNSAFE`, any other error.
   */
  readCurrent: { input: MachineInput; output: ReadCurrentOutput };
  /**
   * - Called: where a command names a run: instead of a scan, or, for `end`, instead of looking at the current session; and
   *   again where `endNamed` answers `changed`.
   * - Must: say what run the named session has, whether its owner lives, and by which sign; whose run it is does not matter.
   * - Must not: write anything, or wait for another program.
   * - Answers: `named`, with the run, where it is active, whatever its phase; `inactive`, `absent` or `unreadable`; `moved`
   *   where the command has a plan and what that rests on is not as it was.
   * - May throw: any error.
   */
  readNamed: { input: MachineInput & { readonly current: RunHandle | null }; output: ReadNamedOutput };
  /**
   * - Called: where `end` names a run that is to be ended.
   * - Must: end it in one step, as cancelled, with the stop reason `ended_by_user`, and forget where it came from.
   * - Must not: write where the run has ended meanwhile or is another one; touch any other run.
   * - Answers: `ended`; `changed` where the run is to be judged again.
   * - May throw: `IO`, `STATE_UNSAFE`, `SOURCE_BUSY`, `LOCK_LOST`, any other error.
   */
  endNamed: {
    input: MachineInput & { readonly run: RunHandle };
    output: { readonly kind: 'ended'; readonly ended: EndedRun } | { readonly kind: 'changed' };
  };
  /**
   * - Called: where the current session's run is active.
   * - Must: bring its owner and pane up to date, in one step; an empty `pane` leaves the run's alone.
   * - Must not: write where nothing differs, or where the run has ended meanwhile, or is `foreign` by now.
   * - Answers: `updated`; `unchanged`; `changed` where the run is not what it was: it is judged again.
   * - May throw: `IO`, `STATE_UNSAFE`, `SOURCE_BUSY`, `LOCK_LOST`, any other error.
   */
  updateOwner: {
    input: MachineInput & { readonly current: RunHandle; readonly pane: string };
    output:
      | { readonly kind: 'updated' }
      | { readonly kind: 'unchanged' }
      /** The run ended while we looked, or became another conversation's: judge it again. */
      | { readonly kind: 'changed' };
  };
  /**
   * - Called: where the current session has no run and the payload has an id.
   * - Must: find every active run of another session whose owner the ids match, whatever its phase: the machine judges that.
   *   With the policy `requireDeadOwner`, say whose owner lives; with `staleAfter`, which of those that may be taken have been
   *   idle for longer, none of them with an owner that is said to live.
   * - Must not: write anything, or leave a match out; one that cannot be read is none.
   * - Answers: `scanned`, with the candidates, and those of them that may be copies (an empty list, if a store has none) or
   *   are stale (absent, if none is).
   * - May throw: any error.
   */
  scanCandidates: {
    input: MachineInput & { readonly current: RunHandle };
    output: {
      readonly kind: 'scanned';
      readonly candidates: readonly Candidate[];
      /** Those of the candidates of which an unfinished transfer or a trail speaks: they may be copies. */
      readonly copies: readonly RunHandle[];
      /** Those of the candidates that are to end, since they have been idle for too long. */
      readonly stale?: readonly RunHandle[];
    };
  };
  /**
   * - Called: where `scanCandidates` names copies.
   * - Must: end those that are copies of a run that is live elsewhere, and say which candidates remain.
   * - Must not: end a run that nothing proves a copy.
   * - Answers: `retired`, with the candidates that remain, as `scanCandidates` gives them, and what was ended.
   * - May throw: `IO`, `STATE_UNSAFE`, `LOCK_LOST`, any other error.
   */
  retireCopies: {
    input: MachineInput & { readonly current: RunHandle };
    output: {
      readonly kind: 'retired';
      /** The candidates that remain. */
      readonly candidates: readonly Candidate[];
      readonly recovered: readonly Recovery[];
      readonly stale?: readonly RunHandle[];
    };
  };
  /**
   * - Called: where `scanCandidates` or `retireCopies` names stale runs: with the policy `staleAfter`.
   * - Must: end those that are stale still, as cancelled, with the stop reason `stale_active_state`, forget where they came
   *   from, and say which candidates remain.
   * - Must not: end a run that has gone on meanwhile; touch the current session's.
   * - Answers: `ended`, with the candidates that remain, none of them stale, and what was ended.
   * - May throw: `IO`, `STATE_UNSAFE`, `SOURCE_BUSY`, `LOCK_LOST`, any other error.
   */
  endStale: {
    input: MachineInput & { readonly current: RunHandle };
    output: {
      readonly kind: 'ended';
      /** The candidates that remain. */
      readonly candidates: readonly Candidate[];
      readonly ended: readonly EndedRun[];
    };
  };
  /**
   * - Called: where exactly one candidate may be handed over.
   * - Must: read the source again, and note the transfer so that `recover` of a later call can settle it, whatever happens.
   * - Must not: write a run.
   * - Answers: `prepared`, with the transfer, and whether files are to go with the run; `changed` where the source is not what
   *   was scanned.
   * - May throw: `IO`, `STATE_UNSAFE`, `RECOVERY_BLOCKED`, `JOURNAL_VERSION`, `LOCK_LOST`, any other error.
   */
  prepare: {
    input: MachineInput & { readonly current: RunHandle; readonly source: RunHandle; readonly pane: string };
    output:
      | {
          readonly kind: 'prepared';
          readonly transfer: TransferHandle;
          /** Whether files are to go with the run. */
          readonly companions: boolean;
        }
      /** The source is not what was scanned; nothing was written. */
      | { readonly kind: 'changed' };
  };
  /**
   * - Called: where `prepare` says that files are to go with the run.
   * - Must: create them in the current session where they are absent.
   * - Must not: replace what stands there.
   * - Answers: `carried`.
   * - May throw: `IO`, `STATE_UNSAFE`, `LOCK_LOST`, any other error; all but `LOCK_LOST` lead to `rollback`.
   */
  companions: { input: { readonly transfer: TransferHandle }; output: { readonly kind: 'carried' } };
  /**
   * - Called: once the transfer is noted.
   * - Must: create the run in the current session, in one step, with the payload's owner and the pane; where one stands there
   *   by now, forget the note of the transfer, since no other actor will.
   * - Must not: replace a run that stands there, or touch the source.
   * - Answers: `written`; `taken` where the current session has a run now, which is judged next.
   * - May throw: `IO`, `STATE_UNSAFE`, `LOCK_LOST`, any other error; all but `LOCK_LOST` lead to `rollback`.
   */
  writeTarget: {
    input: { readonly transfer: TransferHandle };
    output:
      | { readonly kind: 'written' }
      /** The current session's runtime started a run first: judge that one. */
      | { readonly kind: 'taken' };
  };
  /**
   * - Called: between the two writes: the caller's hook.
   * - Must: end, for the lock is held meanwhile.
   * - Must not: make a call on the same store.
   * - Answers: `done`.
   * - May throw: any error; it leads to `rollback`.
   */
  afterTargetWrite: { input: { readonly transfer: TransferHandle }; output: { readonly kind: 'done' } };
  /**
   * - Called: once the target stands; this is the commit point.
   * - Must: end the source in one step, and only if it is still what the target was made from.
   * - Must not: end a source that has changed, or one whose target is gone.
   * - Answers: `written`; `changed` where the source is not what was planned with, and nothing was written.
   * - May throw: `IO`, `SOURCE_BUSY`, `LOCK_LOST`, any other error; all but `LOCK_LOST` lead to `rollback`.
   */
  writeSource: {
    input: { readonly transfer: TransferHandle };
    output:
      | { readonly kind: 'written' }
      /** The source is not what was planned with; nothing was written. */
      | { readonly kind: 'changed' };
  };
  /**
   * - Called: where `writeSource` answers `changed`.
   * - Must: carry what is new in the source over into the target, if the source may still be handed over; give up with
   *   `SOURCE_BUSY` after some times.
   * - Must not: touch the source.
   * - Answers: `replanned`, with the transfer as it is now; `ineligible` where the source does not match any more.
   * - May throw: `IO`, `STATE_UNSAFE`, `SOURCE_BUSY`, `LOCK_LOST`, any other error; all but `LOCK_LOST` lead to `rollback`.
   */
  replan: {
    input: MachineInput & { readonly transfer: TransferHandle; readonly pane: string };
    output:
      | { readonly kind: 'replanned'; readonly transfer: TransferHandle }
      /** The source does not match rule 6 (src/rules/README.md#rule-6-candidates) any more. */
      | { readonly kind: 'ineligible' };
  };
  /**
   * - Called: once the source is ended.
   * - Must: forget the note of the transfer, with whatever else is kept of it.
   * - Must not: change a run.
   * - Answers: `committed`.
   * - May throw: `IO`, `STATE_UNSAFE`, `LOCK_LOST`; the transfer stands, the error is a warning, and the next call's `recover`
   *   does what is missing.
   */
  commit: { input: { readonly transfer: TransferHandle }; output: { readonly kind: 'committed' } };
  /**
   * - Called: once the transfer is settled, still under the lock: the caller's hook.
   * - Must: end, for the lock is held meanwhile.
   * - Must not: make a call on the same store.
   * - Answers: `done`.
   * - May throw: any error; it is a warning.
   */
  afterCommit: { input: { readonly transfer: TransferHandle }; output: { readonly kind: 'done' } };
  /**
   * - Called: where something failed between `prepare` and the commit point, or `replan` answers `ineligible`.
   * - Must: take the target away, if it is there, where `replan` answered `ineligible`, or where the source, read again, still is
   *   the run.
   * - Must not: take the target away where the source is ended or gone for any other reason: then the target is the run.
   * - Answers: `rolledBack`; `wentForward` where the target stays; `left` where it cannot be told: the note stays, and the
   *   next call settles it.
   * - May throw: `LOCK_LOST`; it changes nothing, what led here is thrown.
   */
  rollback: {
    input: { readonly transfer: TransferHandle };
    output: { readonly kind: 'rolledBack' } | { readonly kind: 'wentForward' } | { readonly kind: 'left' };
  };
  /**
   * - Called: last, on every way out once the lock was held.
   * - Must: give the lock back if it is still ours.
   * - Must not: touch a lock that is somebody else's now.
   * - Answers: `released`.
   * - May throw: any error; it changes nothing.
   */
  release: { input: null; output: { readonly kind: 'released' } };
}

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

/** A whole set of actors: what a store, a pane look-up and the hooks must supply together. */
// An editor shows an actor's duties only where `keyof` stands in the type itself.
export type Actors = { readonly [Name in keyof ActorContract]: ActorBody<Name> } & {
  /**
   * - Called: as soon as the lock is held; what it returns, when the lock is to be released, or was lost.
   * - Must: keep others from holding the lock to be abandoned, until it is stopped; where nobody would, do nothing.
   * - Must not: touch a lock that is somebody else's now, or keep the process alive when it is stopped.
   * - Answers: a function that stops it.
   * - May throw: nothing; the machine would stop.
   */
  readonly keepLock: KeepLock;
};
