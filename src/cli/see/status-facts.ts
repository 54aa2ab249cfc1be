import { messageOf } from '../../errors.ts';
import { listPanes } from '../../pane/tmux.ts';
import { isForgeState } from '../../rules/forge-state.ts';
import { type JournalSides, journalSides } from '../../rules/journal.ts';
import { lastChange } from '../../rules/last-change.ts';
import type { Liveness } from '../../rules/liveness.ts';
import type { Policies } from '../../rules/policies.ts';
import { protocol } from '../../rules/protocol.ts';
import { asText, trimmedText } from '../../rules/text.ts';
import type { CurrentSessionPlace } from '../../store/file/files/current-session.ts';
import { eachRun, type SessionRun } from '../../store/file/files/each-run.ts';
import { firstNames } from '../../store/file/files/first-names.ts';
import { foundSession } from '../../store/file/files/found-session.ts';
import { attempt } from '../../store/file/files/io.ts';
import { readJsonAt } from '../../store/file/files/json-file.ts';
import { livenessOf, type OwnerSurroundings } from '../../store/file/files/owner-evidence.ts';
import { type StatePaths, statePaths } from '../../store/file/files/paths.ts';
import { type LockState, lockState } from '../../store/file/lock/lock-state.ts';
import type { Root } from '../find-root.ts';

const { fields, limits } = protocol;

/** Longest text of a run that is shown, UTF-16 units: a run's fields are free text of any length. */
const longestText = 512;

/** One session's run as `status` shows it. */
export interface RunStatus {
  readonly session: string;
  readonly active: boolean;
  /** As stored; null where the run has none, or cannot be read. */
  readonly phase: string | null;
  readonly iteration: unknown;
  /** The conversation that it belongs to: `session:<id>` or `thread:<id>`; null where it names none. */
  readonly owner: string | null;
  readonly pane: string | null;
  readonly liveness: Liveness;
  /** When it last changed, ISO 8601; null where nothing tells. */
  readonly changedAt: string | null;
  /** Whether its file can be read as a run. */
  readonly readable: boolean;
}

/** All that `forge-resume status` shows; with `schema`, what `--json` prints. */
export interface Status {
  readonly schema: 1;
  readonly root: string;
  /** Other state directories above, which are not used. */
  readonly others: readonly string[];
  readonly current: { readonly session: string | null; readonly by: string | null; readonly error: string | null };
  /** `database`: a transaction of PostgreSQL has it. */
  readonly lock: Omit<LockState, 'kind'> & { readonly kind: LockState['kind'] | 'database' };
  /** Unfinished transfers: from where to where. */
  readonly journals: readonly JournalSides[];
  readonly runs: readonly RunStatus[];
  /** The database that the runs are in, and the project's name there; absent where they are in files. */
  readonly store?: { readonly url: string; readonly project: string };
}

/**
 * Looks at a state directory: takes no lock, writes nothing.
 *
 * @param root - which one
 * @param env - environment, which may name the current session and the pane from which is asked
 * @param asked - `now`: epoch milliseconds; `policies`: those by which the current session is found; none by default
 * @throws Error where there is no such folder, or it cannot be looked at
 */
export async function statusOf(
  root: Root,
  env: Readonly<Record<string, string | undefined>>,
  { now = Date.now(), policies }: { readonly now?: number; readonly policies?: Policies } = {},
): Promise<Status> {
  const paths = statePaths(root.stateDir);
  const panes = listPanes();
  const around: OwnerSurroundings = {
    record: await readJsonAt(paths.sessionRecord),
    panes: await panes,
    ownPane: trimmedText(env[protocol.env.pane]),
    now,
  };
  const runs = [...eachRun(paths)].flatMap((run) => (run.read.kind === 'absent' ? [] : [runStatus(run, around)]));
  return {
    schema: 1,
    root: root.stateDir,
    others: root.others,
    current: await currentOf({ paths, env, policies }),
    lock: lockState(paths, now),
    journals: journalsOf(paths),
    runs: runs.sort(liveFirst),
  };
}

/** Unfinished transfers by the names of their journals; however many lie there, no more than a call reads. */
export const journalsOf = (paths: StatePaths): readonly JournalSides[] =>
  (attempt(() => firstNames(paths.journals, limits.journalNames)) ?? []).flatMap((name) => journalSides(name) ?? []);

/** The current session, as a call would find it. */
export async function currentOf(place: CurrentSessionPlace): Promise<Status['current']> {
  try {
    const found = await foundSession(place);
    return { session: found?.session ?? null, by: found?.by ?? null, error: null };
  } catch (error) {
    return { session: null, by: null, error: messageOf(error) };
  }
}

function runStatus({ id, read }: SessionRun, around: OwnerSurroundings): RunStatus {
  if (read.kind !== 'json') return runOf(id, undefined, around.now, () => nothingTells);
  const { file, value } = read;
  const at = isForgeState(value) ? lastChange(value, Number(file.stat.mtimeMs)).at : around.now;
  return runOf(id, value, at, () => livenessOf(id, read, around));
}

const nothingTells: Liveness = { state: 'unknown', sign: 'no_sign' };

/**
 * A session's run as `status` shows it, wherever it is kept.
 *
 * @param session - whose
 * @param value - what stands there
 * @param at - when it last changed, epoch milliseconds
 * @param liveness - judges its owner, where it is a run
 */
export function runOf(session: string, value: unknown, at: number, liveness: () => Liveness): RunStatus {
  if (!isForgeState(value)) {
    const empty = { session, active: false, phase: null, iteration: null, owner: null, pane: null };
    return { ...empty, liveness: nothingTells, changedAt: null, readable: false };
  }
  return {
    session,
    active: value[fields.active] === true,
    phase: textOf(value[fields.phase]),
    iteration: typeof value[fields.iteration] === 'number' ? value[fields.iteration] : textOf(value[fields.iteration]),
    owner: ownerOf(value),
    pane: textOf(value[fields.pane]),
    liveness: liveness(),
    changedAt: attempt(() => new Date(at).toISOString()) ?? null,
    readable: true,
  };
}

function ownerOf(run: Readonly<Record<string, unknown>>): string | null {
  const [session, thread] = [textOf(run[fields.ownerCodexSession]), textOf(run[fields.ownerCodexThread])];
  return session === null ? thread && `thread:${thread}` : `session:${session}`;
}

const textOf = (value: unknown): string | null => asText(value).trim().slice(0, longestText) || null;

/** The order of runs: the active ones first, then those that changed last. */
export const liveFirst = (a: RunStatus, b: RunStatus): number =>
  Number(b.active) - Number(a.active) ||
  (b.changedAt ?? '').localeCompare(a.changedAt ?? '') ||
  (a.session < b.session ? -1 : 1);
