/** Where records go. Nothing that it is made of throws. */
export interface RecordingSink {
  /** Takes a record as JSON; it may be kept for a moment. */
  readonly write: (json: string) => void;
  /** Puts what was kept where others see it. */
  readonly flush: () => void;
  /**
   * Ends the recording.
   *
   * @returns why not everything could be recorded; undefined where it could
   */
  readonly close: () => string | undefined;
}
