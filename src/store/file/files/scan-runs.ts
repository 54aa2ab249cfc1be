import type { Dir, Dirent } from 'node:fs';
import type { Candidate } from '../../../../machines/contract.ts';
import { makeCouldMatch } from '../../../rules/could-match.ts';
import { isForgeState, phaseOf } from '../../../rules/forge-state.ts';
import { isActiveMatch, ownerMatches, type PayloadIdentity } from '../../../rules/ownership.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { isEndedByTransfer } from '../../../rules/transfer-plan.ts';
import { runHandle } from './call-facts.ts';
import { isSmallFolder } from './first-names.ts';
import { attempt, isAbsence } from './io.ts';
import { isFresh, type JsonContent, parseOnce } from './json-file.ts';
import { monotonicMs } from './monotonic.ts';
import { opendirSync, readdirSync } from './node-fs.ts';
import type { StatePaths } from './paths.ts';
import { type FileRead, peekStateFile, readStateFile } from './state-file.ts';

/** Longest stretch without letting the event loop turn, milliseconds. */
const sliceMs = 3;
const entriesPerLook = 64;
/** Largest fresh file without the wanted ids that is parsed to see whether it is whole, bytes. */
const parsedFreshBytes = 256 * 1024;

/** What is scanned, and for whom. */
export interface ScanOptions {
  readonly paths: StatePaths;
  readonly identity: PayloadIdentity;
  /** The session whose own run is no candidate. */
  readonly currentId: string;
  /** Throws where the caller wants to stop. */
  readonly checkAbort: () => void;
  /** What stands in a session by now in a call that writes nothing; undefined where it is as on disk. */
  readonly planned?: ((id: string) => FileRead | undefined) | undefined;
  /** Whether what was found so far is enough, so that the rest need not be read. */
  readonly isEnough?: ((scan: Scan) => boolean) | undefined;
}

/** What a scan of all sessions found. */
export interface Scan {
  /** Active runs whose owner matches, by session id; their phases are not judged. */
  readonly matches: Map<string, JsonContent>;
  /** Sessions whose file was being written, so that nothing is known of it yet. */
  readonly torn: Set<string>;
  /** Files of this identity that ended because their run moved: session, inode, time and size of each. */
  readonly moved: string[];
  /** Sessions whose run cannot be judged: it is unsafe to read, or does not parse. */
  readonly passedOver: Set<string>;
  /** Whether something could not be listed or read, so that a match may have been missed. */
  incomplete: boolean;
}

/**
 * Reads every prior session's run (src/rules/README.md#rule-6-candidates). Never throws but what `checkAbort` throws:
 * what cannot be read holds no candidate.
 *
 * @param options - what is scanned, and for whom
 */
export async function scanRuns(options: ScanOptions): Promise<Scan> {
  const scan: Scan = { matches: new Map(), torn: new Set(), moved: [], passedOver: new Set(), incomplete: false };
  const look = makeLook(options, scan);
  for await (const ids of sessionIds(options, scan)) {
    for (const id of ids) {
      if (id !== options.currentId) look(id);
      if (options.isEnough?.(scan)) return scan;
    }
  }
  return scan;
}

/**
 * Looks once more at the files that were being written during a scan; those that still are count as unreadable.
 *
 * @param options - as for the scan
 * @param scan - gets what is found
 */
export function lookAgain(options: ScanOptions, scan: Scan): void {
  const look = makeLook(options, scan);
  const ids = [...scan.torn];
  scan.torn.clear();
  for (const id of ids) look(id);
}

/**
 * Matching runs as the machine's guards see them.
 *
 * @param paths - the state directory's
 * @param matches - contents by session id
 */
export function listMatches(paths: StatePaths, matches: Scan['matches']): Candidate[] {
  return [...matches].map(([id, run]) => ({
    run: runHandle(paths, id),
    phase: phaseOf(run.value as Record<string, unknown>),
  }));
}

function makeLook({ paths, identity, planned }: ScanOptions, scan: Scan): (id: string) => void {
  const couldMatch = makeCouldMatch(identity);
  /** Read once more, with all that whoever replaces it must know of it. */
  const takeMatch = (path: string, id: string): void => {
    const read = parseOnce(planned?.(id) ?? readStateFile(path));
    if (read.kind === 'torn') scan.torn.add(id);
    else if (read.kind === 'json' && isActiveMatch(read.value, identity)) scan.matches.set(id, read);
    // It moved under our eyes: what else is true of this scan is not known.
    else scan.incomplete = true;
  };
  const passOver = (id: string): void => {
    scan.incomplete = true;
    scan.passedOver.add(id);
  };
  return (id) => {
    const path = paths.run(id);
    const peek = peekAt(path, planned?.(id));
    if (peek.kind === 'unreadable') passOver(id);
    if (peek.kind !== 'file') return;
    // A file that was changed just now may be half of what it will be: only parsing tells.
    if (!couldMatch(peek.bytes)) {
      if (!isFresh(peek.mtimeMs)) return;
      // Parsing large ones for that answer alone would cost more memory than a second look costs time.
      if (peek.bytes.length > parsedFreshBytes) {
        scan.torn.add(id);
        return;
      }
    }
    const value = parsed(peek.bytes);
    if (value === undefined) {
      if (isFresh(peek.mtimeMs)) scan.torn.add(id);
      else passOver(id);
    } else if (isActiveMatch(value, identity)) {
      takeMatch(path, id);
    } else if (isForgeState(value) && isEndedByTransfer(value) && ownerMatches(value, identity)) {
      scan.moved.push(`${id} ${peek.ino} ${peek.mtimeMs} ${peek.bytes.length}`);
    }
  };
}

function peekAt(path: string, planned: FileRead | undefined): ReturnType<typeof peekStateFile> {
  if (planned === undefined) return peekStateFile(path);
  if (planned.kind !== 'file') return planned;
  const { bytes, stat } = planned;
  return { kind: 'file', bytes, ino: Number(stat.ino), mtimeMs: Number(stat.mtimeMs) };
}

/** The value in a file's bytes; undefined where they do not parse. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The names of real session folders, in batches, with turns for the event loop in between. */
async function* sessionIds({ paths, checkAbort }: ScanOptions, scan: Scan): AsyncGenerator<readonly string[]> {
  let folder: Dir;
  try {
    if (isSmallFolder(paths.sessions)) {
      yield readdirSync(paths.sessions, { withFileTypes: true })
        .filter(isSession)
        .map(({ name }) => name);
      return;
    }
    folder = opendirSync(paths.sessions, { bufferSize: 256 });
  } catch (error) {
    if (!isAbsence(error)) scan.incomplete = true;
    return;
  }
  try {
    // What came before the scan has taken a slice already.
    for (let sliceStart = Number.NEGATIVE_INFINITY; ; ) {
      if (monotonicMs() - sliceStart >= sliceMs) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        checkAbort();
        sliceStart = monotonicMs();
      }
      const { ids, isLast } = nextBatch(folder, scan);
      yield ids;
      if (isLast) return;
    }
  } finally {
    attempt(() => folder.closeSync());
  }
}

/** Whether an entry is a session's real folder. */
const isSession = (entry: Dirent): boolean => isSessionId(entry.name) && entry.isDirectory();

function nextBatch(folder: Dir, scan: Scan): { ids: string[]; isLast: boolean } {
  const ids: string[] = [];
  for (let count = 0; count < entriesPerLook; count += 1) {
    try {
      const entry = folder.readSync();
      if (entry === null) return { ids, isLast: true };
      if (isSession(entry)) ids.push(entry.name);
    } catch {
      scan.incomplete = true;
      return { ids, isLast: true };
    }
  }
  return { ids, isLast: false };
}
