import { type ForgeState, iterationOf } from './forge-state.ts';
import { protocol } from './protocol.ts';
import { isEndedByTransfer } from './transfer-plan.ts';

const { fields } = protocol;

/** One of two contents of one run. */
export interface Turn {
  readonly state: ForgeState;
  /** Whether it was changed since both contents were the same; undefined where that is unknown. */
  readonly moved: boolean | undefined;
}

/** What belongs to the session that a run is in, whichever turn it holds. */
const ownFields = [
  fields.ownerRcsSession,
  fields.ownerCodexSession,
  fields.ownerCodexThread,
  fields.pane,
  fields.paneSetAt,
] as const;

/** What says whether a run goes on. */
const endingFields = [fields.active, fields.phase, fields.completedAt, fields.stopReason] as const;

/**
 * Which of two contents of one run goes on (src/store/file/README.md#carrying-over): the higher iteration, where both
 * are finite numbers; else the one that moved; if both did or that is unknown, the keeper's.
 *
 * @param keeper - the content where the run goes on
 * @param other - the content that was found elsewhere
 */
export function laterTurn(keeper: Turn, other: Turn): 'keeper' | 'other' {
  const [kept, found] = [iterationOf(keeper.state), iterationOf(other.state)];
  if (kept !== undefined && found !== undefined && kept !== found) return found > kept ? 'other' : 'keeper';
  return other.moved === true && keeper.moved === false ? 'other' : 'keeper';
}

/**
 * The keeper's run with another content's turn, as a whole: only what belongs to the keeper's session stays, and, where
 * the other was ended by a hand-over, whether the run goes on.
 *
 * @param keeper - the content where the run goes on
 * @param other - the content whose turn it takes
 */
export function takeTurn(keeper: ForgeState, other: ForgeState): ForgeState {
  const taken: Record<string, unknown> = { ...other };
  const kept = isEndedByTransfer(other) ? [...ownFields, ...endingFields] : ownFields;
  for (const name of kept) {
    if (Object.hasOwn(keeper, name)) taken[name] = keeper[name];
    else delete taken[name];
  }
  return taken;
}
