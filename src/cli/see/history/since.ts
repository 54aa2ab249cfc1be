import { InvalidArgumentError } from 'commander';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads the value of `--since`: how long ago, such as `2h`, or a date, with or without a time (ISO 8601; UTC where no zone is
 * given).
 *
 * @param value - as it was typed
 * @param now - epoch milliseconds
 * @returns epoch milliseconds
 * @throws InvalidArgumentError where it is neither
 */
export function sinceArgument(value: string, now: number = Date.now()): number {
  const [, count, unit = ''] = /^(\d{1,9})\s*(s|m|min|h|d)$/.exec(value) ?? [];
  if (count !== undefined) return Math.max(0, now - Number(count) * (unitMs[unit] ?? 0));
  const [, date, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(value) ?? [];
  const at = Date.parse(`${date}T${time.replace('T', '')}${zone}`);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Say how long ago (30m, 2h, 3d) or when (2026-11-26T09:00).');
  return at;
}

/**
 * Reads a number of events.
 *
 * @param value - as it was typed
 * @throws InvalidArgumentError where it is no number from 1 on
 */
export function countArgument(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('Say a number, from 1 on.');
  return Number(value);
}
