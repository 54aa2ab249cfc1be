/**
 * Random hexadecimal digits, for names that must differ: whoever makes such a file makes sure that nothing stands there.
 *
 * @param digits - how many, 12 at most
 */
export const randomHex = (digits: number): string =>
  Math.floor(Math.random() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');
