/**
 * What a person asks for by name, where the automatic hand-over cannot know or must not decide. A call with one goes
 * through the same machine; a call without goes as if there were none.
 */
interface Asked {
  /** Goes on though the owner of the run lives. */
  readonly fromLive?: boolean | undefined;
  /**
   * The plan that the person has seen ({@link planId}): acts only if nothing that it rests on has moved since; absent: on
   * whatever is found.
   */
  readonly plan?: string | undefined;
}

/** Hands over the run of a session that is named, whoever owns it. */
export interface AdoptCommand extends Asked {
  /** Which command. */
  readonly kind: 'adopt';
  /** The session whose run is wanted. */
  readonly source: string;
  /** The session that gets it; the current one by default. */
  readonly into?: string | undefined;
}

/** Ends the run of one session. */
export interface EndCommand extends Asked {
  /** Which command. */
  readonly kind: 'end';
  /** The session that has the run. */
  readonly session: string;
}

/** Gives a run that was handed over back to the session that it came from last. */
export interface UndoCommand extends Asked {
  /** Which command. */
  readonly kind: 'undo';
  /** The session that has the run; the current one by default. */
  readonly session?: string | undefined;
  /** The transfer that is to be taken back; it must be the last one of that run. */
  readonly transferId?: string | undefined;
}

/** One of the three. */
export type Command = AdoptCommand | EndCommand | UndoCommand;
