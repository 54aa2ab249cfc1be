import type {
  Candidate,
  EndedRun,
  MachineInput,
  ReadCurrentOutput,
  ReadNamedOutput,
  Recovery,
  RunHandle,
} from './contract.ts';

/** What is done under the lock beside a transfer: what earlier calls left, and which runs there are. */
export interface RunContract {
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
}
