import { laterTurn, takeTurn } from '../../../rules/carry-over.ts';
import { isSameRun } from '../../../rules/forge-state.ts';
import { runIn } from '../../../rules/journal.ts';
import type { Call } from './call.ts';
import { inSession } from './place.ts';
import { quarantine } from './quarantine.ts';
import { formatRun, readRun } from './run-file.ts';
import { replaceAt } from './write-at.ts';

const maxTries = 10;

/** A content of a run that was found where the run does not go on. */
export interface FoundTurn {
  /** The session in which it was found. */
  readonly session: string;
  readonly bytes: Buffer;
  /** Whether it was changed since it and the keeper's were the same; undefined where that is unknown. */
  readonly moved: boolean | undefined;
}

/** Where a run goes on. */
export interface Keeper {
  readonly id: string;
  /** The keeper's content as it was when both were the same, or as we last wrote it; undefined where that is unknown. */
  readonly known?: Buffer | undefined;
}

/**
 * Carries a turn over into the run that goes on, if it is the later one, as a whole
 * (src/store/file/README.md#carrying-over). Whichever of the two had moved and gives way goes to quarantine first.
 *
 * @param call - a call that holds the lock
 * @param found - the turn
 * @param keeper - where the run goes on
 * @param transferId - under which to keep what gives way
 * @returns the keeper's content as we last wrote it; undefined where another run, or none, stands there
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function carryInto(
  call: Call,
  found: FoundTurn,
  keeper: Keeper,
  transferId: string,
): Promise<Buffer | undefined> {
  let { session, bytes, moved } = found;
  let { known } = keeper;
  let problem: unknown;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const kept = await readRun(call, keeper.id);
    const state = kept.kind === 'json' ? runIn(kept.file.bytes) : undefined;
    const other = runIn(bytes);
    if (kept.kind !== 'json' || state === undefined || other === undefined || !isSameRun(state, other)) {
      if (moved !== false) quarantine(call, session, transferId, bytes);
      return undefined;
    }
    const keptMoved = known === undefined ? undefined : !kept.file.bytes.equals(known);
    const path = call.paths.run(keeper.id);
    const next = formatRun(takeTurn(state, other), path);
    const isSame = next.equals(formatRun(state, path));
    if (isSame || laterTurn({ state, moved: keptMoved }, { state: other, moved }) === 'keeper') {
      if (!isSame && moved !== false) quarantine(call, session, transferId, bytes);
      if (problem !== undefined) throw problem;
      return known ?? kept.file.bytes;
    }
    if (keptMoved !== false) quarantine(call, keeper.id, transferId, kept.file.bytes);
    const replaced = await replaceAt(call, inSession(keeper.id), kept.file, next);
    if (replaced.kind === 'changed') continue;
    problem ??= replaced.syncError;
    // What a late writer put into the old file competes with what we wrote.
    ({ session, bytes, moved, known } = {
      session: keeper.id,
      bytes: replaced.late ?? bytes,
      moved: true,
      known: next,
    });
    if (replaced.late !== undefined) continue;
    if (problem !== undefined) throw problem;
    return next;
  }
  quarantine(call, session, transferId, bytes);
  return known;
}
