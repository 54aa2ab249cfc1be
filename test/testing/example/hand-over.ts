import { type ReconcileResult, runForgeSessionResume } from '../../../src/machine.ts';
import { type Database, openMemoryStore } from './memory-store.ts';

/** What a runtime knows beside its database. */
export interface Surroundings {
  /** The agent's pane; left out, the run keeps the one that it has. */
  readonly pane?: string;
  /** Ends the call; before the commit point it leaves things as they were. */
  readonly signal?: AbortSignal;
}

/** Hands the run of a resumed conversation over; for after each turn. */
export async function handOver(
  db: Database,
  conversation: string,
  { pane, signal }: Surroundings = {},
): Promise<ReconcileResult> {
  const me = {};
  try {
    return await runForgeSessionResume({
      actors: {
        ...openMemoryStore(db, me),
        findPane: () => (pane === undefined ? { kind: 'none' } : { kind: 'found', pane }),
      },
      input: { payloadSessionId: conversation.trim(), payloadThreadId: '' },
      signal,
    });
  } finally {
    // Whatever happened: a call that was aborted while it waited for the lock never comes to `release`.
    if (db.lockedBy === me) db.lockedBy = undefined;
  }
}
