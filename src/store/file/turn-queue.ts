/** A call's place in the line of its process; taking the place back lets the next one go on. */
export interface Turn {
  /** Resolves when every earlier call on the same directory has given its place back. */
  readonly came: Promise<void>;
  /** Gives the place back, also before its turn came. */
  readonly leave: () => void;
}

interface Place {
  readonly start: () => void;
}

const lines = new Map<string, Place[]>();

/**
 * Joins the line of calls of this process on one directory; they are served in order of arrival.
 *
 * @param key - the directory, resolved
 */
export function joinLine(key: string): Turn {
  const line = lines.get(key) ?? [];
  lines.set(key, line);
  let start: () => void = () => undefined;
  const came = new Promise<void>((resolve) => {
    start = resolve;
  });
  const place: Place = { start };
  line.push(place);
  if (line[0] === place) start();
  const leave = (): void => {
    const index = line.indexOf(place);
    if (index === -1) return;
    line.splice(index, 1);
    if (index === 0) line[0]?.start();
    if (line.length === 0) lines.delete(key);
  };
  return { came, leave };
}
