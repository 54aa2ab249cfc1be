import type { CallSpec, Scenario } from './scenarios.ts';
import type { Call, Order } from './switch/order.ts';
import type { Outcome } from './switch/server.ts';
import type { Tree } from './tree.ts';

/** What a failing call left to other sessions: only they look for it (protocol.md, "Look", "Recover"; promise 6). */
export interface LeftToOthers {
  /** Sessions of unfinished transfers that name neither the caller's session nor one that it met. */
  readonly ofJournals: ReadonlySet<string>;
  /** Sessions whose next call finds what was left. */
  readonly sessions: readonly string[];
  /** What was left. */
  readonly paths: ReadonlySet<string>;
}

const journalFile = /^\.forge-resume\/journal\/([^./]+)\.([^./]+)\.json$/;
const tempFile = /^sessions\/([^/]+)\/\.[^/]+\.forge-resume$/;

/**
 * What may wait for calls of other sessions: an unfinished transfer of theirs, where this call threw or failed at that
 * transfer itself (an error while settling counts as keep), and a temporary file whose removal failed. Nothing else.
 *
 * @param tree - what the call left
 * @param outcome - how it ended
 * @param scenario - what it was about
 * @param order - how it was made to fail
 */
export function leftToOthers(tree: Tree, outcome: Outcome, scenario: Scenario, order: Order): LeftToOthers {
  const current = sessionOf(scenario.call);
  const failed = outcome.log.filter((call) => call.failed && isOrdered(call, order));
  const ofJournals = new Set<string>();
  const sessions = new Set<string>();
  const paths = new Set<string>();
  for (const path of tree.keys()) {
    const [, source, target] = journalFile.exec(path) ?? [];
    if (source !== undefined && target !== undefined && source !== current && target !== current) {
      const isKept = failed.some((call) => concerns(call, source) || concerns(call, target));
      if (outcome.answer?.error === undefined && !isKept) continue;
      for (const id of [source, target]) ofJournals.add(id);
      sessions.add(target);
      paths.add(path);
    }
    const [, beside] = tempFile.exec(path) ?? [];
    const stays = failed.some((call) => call.name === 'unlink' && call.path === path);
    if (beside === undefined || beside === current || !stays) continue;
    sessions.add(beside);
    paths.add(path);
  }
  return { ofJournals, sessions: [...sessions], paths };
}

/** The next call of another session, which knows nothing but itself. */
export const callOf = (id: string): CallSpec => ({
  payloadSessionId: '',
  payloadThreadId: '',
  env: { RCS_SESSION_ID: id },
  hookThrows: false,
});

const sessionOf = ({ env }: CallSpec): string => env['RCS_SESSION_ID'] ?? 'now';

/** Whether it was the order that made a call fail. */
function isOrdered({ number }: Call, { mode, at = 0 }: Order): boolean {
  return mode === 'fail' ? number === at : mode === 'fail-from' && number >= at;
}

/** Whether a call is part of settling a transfer of a session: of its files, or of a folder that all share. */
function concerns({ path, other }: Call, id: string): boolean {
  const isShared = path === 'sessions' || path === '.forge-resume/journal';
  return isShared || [path, other].some((one) => one.split(/[/.]/).includes(id));
}
