import { type ForgeState, isForgeState } from './forge-state.ts';
import { isSessionId } from './session-id.ts';

/** Version of the journal format that this release writes; the first one stood in another file. */
export const journalVersion = 2;

/** Bytes as a journal keeps them: text where they are valid UTF-8, base64 where not. 8 MiB at most, as state files. */
export type StoredBytes = { readonly utf8: string } | { readonly base64: string };

/** A file that goes with a run. */
export interface Companion {
  /** Its name in the session's folder, such as `run-state.json`; 100 characters at most. */
  readonly name: string;
  /** SHA-256 of the bytes that are carried, 64 hex digits; where a transfer is taken back, a file with others stays. */
  readonly sha256: string;
}

/** All that recovery needs to finish or undo a transfer (src/store/file/README.md#transfer, step 1). */
export interface Journal {
  /** Version of the format; a journal of another one is somebody's property, and is left alone (`JOURNAL_VERSION`). */
  readonly version: typeof journalVersion;
  /** Tells the transfer from every other one; 1 to 64 letters, digits, `_` or `-`. */
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
  /** SHA-256 of the source's bytes before, 64 hex digits; other bytes there mean that somebody has written since. */
  readonly sourceBefore: string;
  /** The ended run that stood in the target's place, where the user comes home; null where none did. */
  readonly targetBefore: StoredBytes | null;
  /** The run as it is written to the target; it parses as one. */
  readonly targetAfter: StoredBytes;
  /** The files that go with the run (src/rules/README.md#rule-7-transfer); empty where none does. */
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
