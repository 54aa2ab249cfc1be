import { monotonicMs } from '../files/monotonic.ts';

/** A call's place in the line of its process; taking the place back lets the next one go on. */
export interface Turn {
  /** Resolves when every earlier call on the same directory has given its place back. */
  readonly came: Promise<void>;
  /** Gives the place back, also before its turn came. */
  readonly leave: () => void;
  /** Whether others stand behind it. */
  readonly isFollowed: () => boolean;
}

interface Place {
  readonly start: () => void;
}

interface Line {
  readonly places: Place[];
  /** When the event loop last had a turn, or nobody stood in line, by {@link monotonicMs}. */
  freshAt: number;
}

const lines = new Map<string, Line>();

/** Longest stretch of short calls one right after another, milliseconds: then the event loop gets a turn. */
const stretchMs = 6;

/**
 * Joins the line of calls of this process on one directory; they are served in order of arrival.
 *
 * @param key - what tells the directory from every other
 */
export function joinLine(key: string): Turn {
  const line = lines.get(key) ?? { places: [], freshAt: monotonicMs() };
  const { places } = line;
  lines.set(key, line);
  let start: () => void = () => undefined;
  const came = new Promise<void>((resolve) => {
    start = resolve;
  });
  const place: Place = { start };
  places.push(place);
  if (places[0] === place) start();
  const leave = (): void => {
    const index = places.indexOf(place);
    if (index === -1) return;
    places.splice(index, 1);
    if (places.length === 0) lines.delete(key);
    else if (index === 0) startFirst(line);
  };
  return { came, leave, isFollowed: () => places.at(-1) !== place };
}

/**
 * Whether a call of this process holds a directory or waits for it.
 *
 * @param key - what tells the directory from every other
 */
export function hasLine(key: string): boolean {
  return lines.has(key);
}

function startFirst(line: Line): void {
  if (monotonicMs() - line.freshAt < stretchMs) {
    line.places[0]?.start();
    return;
  }
  setImmediate(() => {
    line.freshAt = monotonicMs();
    line.places[0]?.start();
  });
}
