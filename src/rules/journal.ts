import { type ForgeState, isForgeState } from './forge-state.ts';
import { isSessionId } from './session-id.ts';

/** Version of the journal format that this release writes; the first one stood in another file. */
export const journalVersion = 2;

/** Bytes as a journal keeps them: text where they are valid UTF-8, base64 where not. */
export type StoredBytes = { readonly utf8: string } | { readonly base64: string };

/** A file that goes with a run. */
export interface Companion {
  readonly name: string;
  readonly sha256: string;
}

/** All that recovery needs to finish or undo a transfer (src/store/file/README.md#transfer, step 1). */
export interface Journal {
  readonly version: typeof journalVersion;
  readonly transferId: string;
  /** Session that the run moves from. */
  readonly source: string;
  /** Session that the run moves to. */
  readonly target: string;
  /** The instant of the call, ISO 8601. */
  readonly at: string;
  /** What a person asked for; absent for an automatic hand-over: then the run's owner had to match. */
  readonly command?: 'adopt' | 'undo' | undefined;
  /** The run's `started_at` as text, trimmed; empty if it has none. */
  readonly startedAt: string;
  /** SHA-256 of the source's bytes before. */
  readonly sourceBefore: string;
  /** The ended run that stood in the target's place, where the user comes home. */
  readonly targetBefore: StoredBytes | null;
  readonly targetAfter: StoredBytes;
  readonly companions: readonly Companion[];
}

/**
 * Bytes in the form in which a journal keeps them.
 *
 * @param bytes - a file's content
 */
export function storeBytes(bytes: Buffer): StoredBytes {
  const utf8 = bytes.toString('utf8');
  return Buffer.from(utf8, 'utf8').equals(bytes) ? { utf8 } : { base64: bytes.toString('base64') };
}

/**
 * The bytes that a journal keeps.
 *
 * @param stored - what {@link storeBytes} returned
 */
export function restoreBytes(stored: StoredBytes): Buffer {
  return 'utf8' in stored ? Buffer.from(stored.utf8, 'utf8') : Buffer.from(stored.base64, 'base64');
}

/**
 * The run in a file's bytes.
 *
 * @param bytes - the file's content
 * @returns undefined where the bytes hold no run
 */
export function runIn(bytes: Buffer): ForgeState | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isForgeState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name of a transfer's journal; ids have no dot, so the two can be told apart.
 *
 * @param source - session that the run moves from
 * @param target - session that the run moves to
 */
export const journalName = (source: string, target: string): string => `${source}.${target}.json`;

/** The two sessions of which a journal's name speaks. */
export interface JournalSides {
  readonly source: string;
  readonly target: string;
}

/**
 * Reads the sessions back from a journal's name.
 *
 * @param name - a file's name, perhaps of another program's making
 * @returns undefined where it is no name of {@link journalName}
 */
export function journalSides(name: string): JournalSides | undefined {
  const [source, target, ending, ...rest] = name.split('.');
  const isOurs = ending === 'json' && rest.length === 0 && isSessionId(source) && isSessionId(target);
  return isOurs && source !== target ? { source, target } : undefined;
}
