/**
 * Makes the id of a transfer: when, and a random end. It matches the session id pattern.
 *
 * @param epochMs - when, milliseconds
 * @param random - a number from 0 to below 1
 */
export function makeTransferId(epochMs: number, random: number): string {
  const end = Math.floor(random * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
  return `${epochMs.toString(36)}-${end}`;
}
