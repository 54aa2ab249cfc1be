/**
 * Whether the owner of a run lives. Commands and policies ask this, the plain hand-over never does: it goes by ids
 * alone.
 */

/** What decided about an owner. */
export type LivenessSign =
  /** The process that the run or `session.json` names is there, with the start time and command line that are named. */
  | 'process_alive'
  /** No process has that id. */
  | 'process_gone'
  /** Another process has that id by now. */
  | 'pid_reused'
  /** It was a process of another boot of this machine. */
  | 'other_boot'
  /** An agent runs in the run's pane, which has been there since before the run was bound to it. */
  | 'pane_agent'
  /** The run counted a turn within the last minute. */
  | 'recent_turn'
  /** tmux has no such pane, or one that was opened after the run was bound to it. */
  | 'pane_gone'
  /** Something else than an agent runs in the run's pane. */
  | 'pane_without_agent'
  /** Nothing about the run has changed since the machine was started. */
  | 'before_boot'
  /** Nothing tells. */
  | 'no_sign';

/** A judgement about an owner, with what decided it. */
export interface Liveness {
  /** Whether it lives; `unknown` where nothing tells. The policy `requireDeadOwner` refuses `live` alone (src/rules/README.md#policies). */
  readonly state: 'live' | 'dead' | 'unknown';
  /** The strongest sign that there was, which decided. */
  readonly sign: LivenessSign;
}

/** What is known of an owner; what nobody could find out is absent. */
export interface OwnerEvidence {
  /** The process that is named, if one is. */
  readonly process?: 'alive' | 'gone' | 'reused' | undefined;
  /** Whether the named process is one of this boot of the machine. */
  readonly isThisBoot?: boolean | undefined;
  /** What became of the run's pane; `own` where the question comes from that very pane. */
  readonly pane?: 'agent' | 'other' | 'gone' | 'own' | undefined;
  /** Age of the last turn that the run counted, milliseconds. */
  readonly turnAgeMs?: number | undefined;
  /** Whether everything about the run is older than this boot of the machine. */
  readonly isBeforeBoot?: boolean | undefined;
}

/** A turn that is younger says that somebody is at work, milliseconds. */
export const recentTurnMs = 60_000;

/**
 * Judges whether an owner lives, by the strongest sign that there is: its process, its boot, its pane, its last change.
 *
 * @param evidence - what is known
 * @returns the state, and the sign that decided it
 * @example judgeLiveness({ process: 'gone', pane: 'agent' }) // { state: 'dead', sign: 'process_gone' }
 */
export function judgeLiveness(evidence: OwnerEvidence): Liveness {
  const { process, isThisBoot, pane, turnAgeMs, isBeforeBoot } = evidence;
  if (isThisBoot === false) return { state: 'dead', sign: 'other_boot' };
  if (process === 'alive') return { state: 'live', sign: 'process_alive' };
  if (process === 'gone') return { state: 'dead', sign: 'process_gone' };
  if (process === 'reused') return { state: 'dead', sign: 'pid_reused' };
  if (pane === 'agent') return { state: 'live', sign: 'pane_agent' };
  // A time ahead of the clock says nothing.
  if (turnAgeMs !== undefined && turnAgeMs >= 0 && turnAgeMs < recentTurnMs) {
    return { state: 'live', sign: 'recent_turn' };
  }
  if (pane === 'gone') return { state: 'dead', sign: 'pane_gone' };
  if (pane === 'other') return { state: 'dead', sign: 'pane_without_agent' };
  if (isBeforeBoot === true) return { state: 'dead', sign: 'before_boot' };
  return { state: 'unknown', sign: 'no_sign' };
}
