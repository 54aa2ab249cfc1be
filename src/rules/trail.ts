/** What a session must know of hand-overs (src/store/file/README.md#trails). Judged by hand: every look reads one. */
import { isForgeState } from './forge-state.ts';
import { protocol } from './protocol.ts';
import { isSessionId } from './session-id.ts';

const version = 1;
/** What a file looked like that was not there, and one of which that is not known: it is always judged. */
export const sights = { absent: 'absent', unknown: 'unknown' } as const;

/** A session that a run was in before. */
export interface LeftSession {
  readonly session: string;
  readonly transferId: string;
  /** When it left, ISO 8601. */
  readonly at: string;
  /** SHA-256 of the files that went with the run, by name, as they were then. */
  readonly companions: Readonly<Record<string, string>>;
  /** What its run file looked like when we last judged it: inode, size and times, or one of {@link sights}. */
  readonly seen: string;
}

/** Of a session that keeps a run that was handed over to it. */
export interface KeeperTrail {
  readonly version: typeof version;
  /** The run's `started_at` as text, trimmed; empty if it has none. */
  readonly started_at: string;
  /** The sessions that the run came from, newest last. */
  readonly left: readonly LeftSession[];
}

/** Of a session that a run was taken from. */
export interface LeftTrail {
  readonly version: typeof version;
  /** The session that the run went to. */
  readonly keeper: string;
  /** SHA-256 of the bytes with which we ended it; empty where they are not known. */
  readonly sha256: string;
}

/** One session's trail, of one kind or the other. */
export type Trail = KeeperTrail | LeftTrail;

const sha256Pattern = /^[0-9a-f]{64}$/;
const companionPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Whether a value is a SHA-256 in hexadecimal digits. */
export const isSha256 = (value: unknown): value is string => typeof value === 'string' && sha256Pattern.test(value);

/** Whether a value can be the name of a file that goes with a run. */
export const isCompanionName = (value: unknown): value is string =>
  typeof value === 'string' && companionPattern.test(value);

/** Whether a trail says that the session was left behind. */
export const isLeftBehind = (trail: Trail | undefined): trail is LeftTrail => trail !== undefined && 'keeper' in trail;

/** Whether a trail says that the session keeps a run. */
export const isKeeper = (trail: Trail | undefined): trail is KeeperTrail => trail !== undefined && 'left' in trail;

/**
 * Judges a trail.
 *
 * @param value - what `JSON.parse` returned
 * @returns undefined where it is broken or of another version; it is then replaced when next written
 */
export function judgeTrail(value: unknown): Trail | undefined {
  if (!isForgeState(value) || value['version'] !== version) return undefined;
  const { keeper, sha256, started_at, left } = value;
  if (isSessionId(keeper)) {
    return sha256 === '' || isSha256(sha256) ? { version, keeper, sha256 } : undefined;
  }
  if (typeof started_at !== 'string' || !Array.isArray(left)) return undefined;
  const isWhole = left.length <= protocol.limits.leftSessions && left.every(isLeftSession);
  return isWhole ? { version, started_at, left } : undefined;
}

function isLeftSession(value: unknown): value is LeftSession {
  if (!isForgeState(value)) return false;
  const { session, transferId, at, companions, seen } = value;
  return (
    isSessionId(session) &&
    isSessionId(transferId) &&
    typeof at === 'string' &&
    typeof seen === 'string' &&
    isForgeState(companions) &&
    Object.entries(companions).every(([name, hash]) => isCompanionName(name) && isSha256(hash))
  );
}

/**
 * The trail of a session that a run was taken from.
 *
 * @param keeper - where the run is
 * @param sha256 - of the bytes with which we ended it, if they are known
 */
export function leftBehind(keeper: string, sha256: string | undefined): LeftTrail {
  return { version, keeper, sha256: sha256 ?? '' };
}

/**
 * The trail of a session that was given a run: where it came from last, behind the sessions that it came from before.
 *
 * @param before - the trail of the session that the run comes from, or its own earlier one
 * @param own - the session that was given the run
 * @param startedAt - the run's `started_at`; an earlier trail of another run says nothing
 * @param entry - where it came from last
 */
export function keeps(before: Trail | undefined, own: string, startedAt: string, entry: LeftSession): KeeperTrail {
  const earlier = isKeeper(before) && before.started_at === startedAt ? before.left : [];
  const others = earlier.filter(({ session }) => session !== own && session !== entry.session);
  const left = [...others, entry].slice(-protocol.limits.leftSessions);
  return { version, started_at: startedAt, left };
}

/**
 * A keeper's trail with one entry judged anew.
 *
 * @param trail - the keeper's
 * @param session - whose entry
 * @param seen - what the judged file looks like; undefined strikes the entry out
 */
export function judged(trail: KeeperTrail, session: string, seen: string | undefined): KeeperTrail {
  const left = trail.left.flatMap((entry) => {
    if (entry.session !== session) return [entry];
    return seen === undefined ? [] : [{ ...entry, seen }];
  });
  return { ...trail, left };
}
