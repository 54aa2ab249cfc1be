/**
 * Numbers of epochs and versions. Each timeline of the server has its own: a standby that is promoted without the last
 * commits begins a new one, and what was counted on the old one behind that point is never counted again. So whoever holds a
 * number of a lost commit is refused, whatever happened on the new timeline.
 */

/**
 * The number behind which those of the server's timeline begin, as SQL; 0 on the first timeline. The control file would tell
 * of the new one only behind its first checkpoint.
 */
export const timelineFloor = "((('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint - 1) << 32)";

/**
 * The version behind a write, as SQL.
 *
 * @param column - holds the one before it
 */
export const nextVersion = (column: string): string => `greatest(${column} + 1, ${timelineFloor} + 1)`;

const timelineOf = (number: string): bigint => (BigInt(number) - 1n) >> 32n;

/**
 * The epoch behind a transfer.
 *
 * @param epoch - the one before it; 0: there is none
 * @param floor - of the server's timeline ({@link timelineFloor})
 */
export function nextEpoch(epoch: string, floor: bigint): string {
  const next = BigInt(epoch) + 1n;
  return String(next > floor ? next : floor + 1n);
}

/**
 * Whether two numbers were given on one timeline.
 *
 * @param one - an epoch or a version
 * @param other - the same of another time
 */
export const isOneTimeline = (one: string, other: string): boolean => timelineOf(one) === timelineOf(other);

/**
 * Whether nobody has written a run since the server's timeline began.
 *
 * @param version - the run's
 * @param floor - of the server's timeline
 */
export const isOlderTimeline = (version: string, floor: bigint): boolean => BigInt(version) <= floor;
