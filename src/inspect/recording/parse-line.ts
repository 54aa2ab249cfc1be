/** Deepest value that is read, levels: what goes through a value level by level must come to its end. */
const deepest = 500;

/**
 * A line of a recording as JSON, which anybody may have written.
 *
 * @param line - the line; an editor may have put a byte order mark before the first one
 * @returns undefined where it is no JSON, or is nested deeper than 500 levels
 */
export function parseLine(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line.replace(/^\uFEFF/, ''));
    // A level takes two characters at least.
    return line.length > 2 * deepest && isDeeper(value, deepest) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}
