import fs from 'node:fs';
import { expect } from 'vitest';
import { type Content, makeSandbox } from './sandbox.ts';

/** The ids that a call brings. */
export interface Ids {
  readonly session?: string;
  readonly thread?: string;
}
/** The reasons of rule 6 that touch nothing. */
export const none = 'no_matching_prior_forge';
export const several = 'multiple_matching_prior_forges';

/**
 * The reason of a call beside these prior runs; unless one was resumed nothing may be touched.
 * Files that have rested for a while can be judged by a look at their bytes, new ones cannot: `rested` asks for either.
 */
export async function reasonFor(priors: Readonly<Record<string, Content>>, ids: Ids, rested = true): Promise<string> {
  const sandbox = makeSandbox();
  sandbox.declare({ liveRuns: Object.keys(priors).length });
  sandbox.putSessions('now');
  for (const [id, content] of Object.entries(priors)) {
    const file = sandbox.putRun(id, content);
    if (rested) fs.utimesSync(file, 1, 1);
  }
  const before = sandbox.snapshot();
  const { reason, ...rest } = await sandbox.call(ids);
  if (reason !== 'resumed_same_codex_session') {
    expect(rest).toEqual({ currentRcsSessionId: 'now', resumed: false, updatedCurrentOwner: false });
    expect(sandbox.snapshot()).toEqual(before);
  }
  return reason;
}

/** An active run as text, with its session id as it stands in the file. */
export const sessionText = (id: string): string => `{"active":true,"owner_codex_session_id":${id}}`;
