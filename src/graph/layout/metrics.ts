/** Sizes of what is drawn, in pixels. */
export const metrics = {
  /** Size of a row's letters. */
  text: 12,
  /** Size of a state's name. */
  label: 13,
  /** Size of the note below it. */
  note: 11,
  /** Height of a row. */
  row: 19,
  /** Height of the part of a box that holds the name, and what a note adds to it. */
  header: 30,
  noteLine: 16,
  /** From a box's border to what is written in it, at the sides; and below the last row. */
  inset: 12,
  bottom: 8,
  /** What the mark of an initial state takes before the name. */
  mark: 18,
  /** Around the arrow between a row's text and its target, the arrow included. */
  arrow: 24,
  /** Around the states that a box holds. */
  around: 22,
  /** Between the picture's border and what is drawn. */
  margin: 16,
} as const;

/** A letter's advance by its size, in monospaced fonts: 0.55 to 0.62 in common ones. */
const advance = 0.6;

/** East Asian letters and pictures take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/**
 * The width that a text is given. Whoever draws it sets it to just this width (`textLength` in SVG), so that it fits
 * whatever fonts a machine has.
 *
 * @param text - one line
 * @param size - of the letters, in pixels
 * @returns pixels
 */
export function textWidth(text: string, size: number): number {
  let columns = 0;
  for (const letter of text) columns += wide.test(letter) ? 2 : 1;
  return columns * size * advance;
}
