import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import fs from 'fs-extra';
import type { ActorBody, Candidate } from '../../../../machines/contract.ts';
import { makeCouldMatch } from '../../../rules/could-match.ts';
import { isLive, phaseOf } from '../../../rules/forge-state.ts';
import { isActiveMatch, type PayloadIdentity } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { attempt } from '../files/io.ts';
import { isFresh, type JsonContent, parseOnce } from '../files/json-file.ts';
import { monotonicMs } from '../files/monotonic.ts';
import { peekStateFile } from '../files/state-file.ts';
import { type Call, identityOfInput, runHandle } from '../transfer/call.ts';
import { receiptsAbout } from '../transfer/receipts.ts';

/** Longest stretch without letting the event loop turn, milliseconds. */
const sliceMs = 6;
const entriesPerLook = 64;
/** Largest fresh file without the wanted ids that is parsed to see whether it is whole, bytes. */
const parsedFreshBytes = 256 * 1024;

/**
 * Finds every active prior run whose owner matches (rule 6); the phase is left to the machine's guards.
 * Failures to read or list are answers: such a session holds no candidate.
 *
 * @param call - the call
 */
export const scanCandidates =
  (call: Call): ActorBody<'scanCandidates'> =>
  async (input) => {
    call.checkAbort();
    const { candidates } = call.memory;
    candidates.clear();
    const torn: string[] = [];
    const identity = identityOfInput(input);
    const look = makeLook(call, identity);
    for await (const ids of sessionIds(call)) {
      for (const id of ids) {
        if (id === input.current.id) continue;
        const found = look(id);
        if (found === 'torn') torn.push(id);
        else if (found !== undefined) candidates.set(id, found);
      }
    }
    if (torn.length > 0) {
      await pause(protocol.limits.tornRetryMs);
      for (const id of torn) {
        const found = look(id);
        if (found !== undefined && found !== 'torn') candidates.set(id, found);
      }
    }
    const live = [...candidates].filter(([, run]) => isLive(run.value as Record<string, unknown>));
    const copies = live.filter(([id]) => receiptsAbout(call, id).length > 0).map(([id]) => runHandle(call, id));
    return { kind: 'scanned', candidates: listCandidates(call), copies };
  };

/**
 * The candidates in the call's memory as the machine sees them.
 *
 * @param call - the call
 */
export function listCandidates(call: Call): Candidate[] {
  return [...call.memory.candidates].map(([id, run]) => ({
    run: runHandle(call, id),
    phase: phaseOf(run.value as Record<string, unknown>),
  }));
}

function makeLook(call: Call, identity: PayloadIdentity): (id: string) => JsonContent | 'torn' | undefined {
  const couldMatch = makeCouldMatch(identity);
  return (id) => {
    const read = peekStateFile(call.paths.run(id));
    if (read.kind !== 'file') return undefined;
    // A file that was changed just now may be half of what it will be: only parsing tells.
    if (!couldMatch(read.bytes)) {
      if (!isFresh(read)) return undefined;
      // Parsing large ones for that answer alone would cost more memory than a second look costs time.
      if (read.bytes.length > parsedFreshBytes) return 'torn';
    }
    const parsed = parseOnce(read);
    if (parsed.kind === 'torn') return 'torn';
    if (parsed.kind !== 'json' || !isActiveMatch(parsed.value, identity)) return undefined;
    return { ...parsed, file: { ...parsed.file, bytes: Buffer.from(parsed.file.bytes) } };
  };
}

/** The names of real session folders, in batches, with turns for the event loop in between. */
async function* sessionIds(call: Call): AsyncGenerator<readonly string[]> {
  const folder = attempt(() => fs.opendirSync(call.paths.sessions, { bufferSize: 1_024 }));
  if (folder === undefined) return;
  try {
    let sliceStart = monotonicMs();
    for (;;) {
      const { ids, isLast } = nextBatch(folder);
      yield ids;
      if (isLast) return;
      if (monotonicMs() - sliceStart < sliceMs) continue;
      await nextTurn();
      call.checkAbort();
      sliceStart = monotonicMs();
    }
  } finally {
    attempt(() => folder.closeSync());
  }
}

function nextBatch(folder: fs.Dir): { ids: string[]; isLast: boolean } {
  const ids: string[] = [];
  for (let count = 0; count < entriesPerLook; count += 1) {
    const entry = attempt(() => folder.readSync());
    if (!entry) return { ids, isLast: true };
    if (isSessionId(entry.name) && entry.isDirectory()) ids.push(entry.name);
  }
  return { ids, isLast: false };
}
