import type { MachineInput, RunHandle, TransferHandle } from './contract.ts';

/** A transfer, from its note to its end. */
export interface TransferContract {
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
}
