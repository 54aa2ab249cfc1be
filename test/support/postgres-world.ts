/** A world of the conformance kit on a real PostgreSQL: each has a project of its own. */
import type { Pool } from 'pg';
import type { Actors } from '../../machines/contract.ts';
import { isForgeState, isLive } from '../../src/rules/forge-state.ts';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { type EventualWorld, type Moment, outcomeText, sampleIds, samplePane } from '../../src/testing/index.ts';

const { current, source, other, stale } = sampleIds;
const schema = 'forge_session_resume';
let worlds = 0;

/** Outcomes that this store never has, each with why. */
const neverBecause = {
  'acquireLock: watched': 'the server frees the lock of who is gone, and ends who stands still; nobody else can tell',
  'recover: dropped': 'a transfer that did not come to its COMMIT has left nothing',
  'recover: completed': 'both sides are written by one COMMIT',
  'recover: restored': 'both sides are written by one COMMIT',
  'recover: undone': 'a transfer that came to its COMMIT stands, and `undo` is another one',
  'recover: quarantined': 'there is no note of a transfer without its runs',
  'recover: copy_ended':
    'a write of an older epoch writes nothing; copies in files are another test (projection.test.ts)',
  'scanCandidates: copies': 'a write of an older epoch writes nothing',
  'rollback: wentForward':
    'nobody has seen a target that is taken back; a source that ended meanwhile ended by its runtime',
  'rollback: left': 'what is not committed is gone, even where nobody can say ROLLBACK any more',
} as const;

/** {@link neverBecause} as the kit wants it. */
export const neverOfPostgres = Object.keys(neverBecause);

const isFault: EventualWorld['isFault'] = (outcome) =>
  outcome.kind === 'failure' ? !outcome.actor.startsWith('after') : false;

/** What of the world a test may change. */
export interface PostgresWorldOptions {
  readonly alter?: ((actors: Actors, ask: Ask, project: string) => Actors) | undefined;
}

/** Runs one statement beside the calls. */
export type Ask = (text: string, values?: unknown[]) => Promise<readonly Record<string, unknown>[]>;

const runText = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify(
    {
      active: true,
      current_phase: 'building',
      iteration: 3,
      started_at: '2026-01-01T00:00:00.000Z',
      owner_rcs_session_id: source,
      owner_codex_session_id: 's1',
      ...changes,
    },
    null,
    2,
  );

/**
 * A fresh project in which every path can be arranged.
 *
 * @param pool - of a server whose tables are there
 */
export async function createPostgresWorld(pool: Pool, { alter }: PostgresWorldOptions = {}): Promise<EventualWorld> {
  worlds += 1;
  const project = `world-${process.pid}-${worlds}`;
  const store = await openPostgresStore({ pool, project });
  const ask: Ask = async (text, values = []) => (await pool.query(text, values)).rows;
  for (const id of [current, source, other, stale]) await store.addSession(id);
  const [{ id: number } = { id: 0 }] = await ask(`SELECT id FROM ${schema}.project WHERE name = $1`, [project]);
  const written = new Map<string, unknown>();
  let session: string = current;
  let pane = '';
  let lookPane: string | undefined;
  let hook: () => void = () => undefined;
  let unsettled = 0;
  let isUndo = false;
  let goesOn = false;
  let conversation = 's2';

  const note = async (id: string): Promise<void> => {
    const [row] = await ask(`SELECT version FROM ${schema}.run WHERE project = $1 AND session = $2`, [number, id]);
    written.set(id, row?.['version']);
  };
  const remove = async (id: string): Promise<void> => {
    await ask(`DELETE FROM ${schema}.run WHERE project = $1 AND session = $2`, [number, id]);
    written.delete(id);
  };
  const put = async (
    id: string,
    changes: Readonly<Record<string, unknown>> = {},
    text = runText(changes),
  ): Promise<void> => {
    const epoch = (await store.getRun(id))?.epoch;
    await store.putRun({ session: id, text, epoch });
    // Of two minutes ago: nobody is at work there.
    await ask(`UPDATE ${schema}.run SET turn_at = now() - interval '2 minutes' WHERE project = $1 AND session = $2`, [
      number,
      id,
    ]);
    await note(id);
  };
  const idle = async (id: string): Promise<void> => {
    await put(id);
    await ask(`UPDATE ${schema}.run SET written_at = now() - interval '2 hours' WHERE project = $1 AND session = $2`, [
      number,
      id,
    ]);
  };
  const owned = async (id: string): Promise<void> => {
    await put(id);
    await ask(`UPDATE ${schema}.run SET turn_at = now() WHERE project = $1 AND session = $2`, [number, id]);
  };
  const several = async (): Promise<void> => {
    await put(source);
    await put(other);
  };
  const handedOver = async (): Promise<string> => {
    unsettled += 1;
    const id = `earlier-${project}-${unsettled}`;
    await ask(
      `INSERT INTO ${schema}.transfer (id, project, source, target, started_at, epoch, settled_at) VALUES ($1, $2, $3, $4, $5, 1, now())`,
      [id, number, current, source, '2026-01-01T00:00:00.000Z'],
    );
    return id;
  };
  const unsettle = async (): Promise<void> => {
    const id = await handedOver();
    await ask(`UPDATE ${schema}.transfer SET settled_at = NULL, source = $2, target = $3 WHERE id = $1`, [
      id,
      other,
      current,
    ]);
  };
  const settle = async (): Promise<void> => {
    await ask(`UPDATE ${schema}.transfer SET settled_at = now() WHERE project = $1 AND settled_at IS NULL`, [number]);
  };
  /** A transfer that another call settles as soon as the look has seen it. */
  const seenUnsettled = async (): Promise<() => Promise<void>> => {
    await unsettle();
    return settle;
  };
  /** Holds the project's lock on a connection of its own. */
  const holdLock = async (): Promise<() => Promise<void>> => {
    // Whoever lost it had it until now.
    await ask(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1718580083 AND objid = $1`,
      [number],
    );
    await lockFree(ask, Number(number));
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT pg_try_advisory_xact_lock(1718580083, $1)', [number]);
    return async () => {
      await client.query('ROLLBACK');
      client.release();
    };
  };
  const ended = { active: false, current_phase: 'complete' };
  const upToDate = { owner_rcs_session_id: current, tmux_pane_id: samplePane };
  const failHook = (): void => {
    hook = () => {
      throw new Error('the hook failed');
    };
  };

  type Arrangement = () => unknown;
  const arrangements: Record<string, Arrangement> = {
    'look: doubtful': async () => {
      const before = await store.getRun(current);
      if (before !== undefined || session === '') return undefined;
      await put(current, { owner_rcs_session_id: 'x' });
      return () => remove(current);
    },
    'look: doubtful active': async () => {
      lookPane = samplePane;
      await put(current);
    },
    'look: answered': () => put(current, ended),
    'look: answered current_rcs_session_missing': () => {
      session = 'unknown';
    },
    'look: answered current_forge_active': async () => {
      lookPane = samplePane;
      await put(current, upToDate);
    },
    'look: answered payload_codex_identity_missing': () => remove(current),
    'look: answered no_matching_prior_forge': async () => {
      await remove(source);
      await remove(other);
    },
    'look: unquiet': async () => {
      await put(current, ended);
      return seenUnsettled();
    },
    'look: unquiet active': async () => {
      lookPane = samplePane;
      await put(current, upToDate);
      return seenUnsettled();
    },
    'look: unquiet without candidate': async () => {
      await remove(source);
      await remove(other);
      return seenUnsettled();
    },
    'acquireLock: busy': holdLock,
    'acquireLock: storeMissing': async () => {
      await ask(`UPDATE ${schema}.project SET name = name || '-away' WHERE id = $1`, [number]);
    },
    'recover: nothing': settle,
    'recover: finished': async () => {
      await settle();
      await unsettle();
    },
    'readCurrent: missing': async () => {
      session = 'unknown';
      await ask(`DELETE FROM ${schema}.transfer WHERE project = $1`, [number]);
    },
    'readCurrent: absent': () => (isUndo ? undefined : remove(current)),
    'readCurrent: present': () => put(current, ended),
    'readCurrent: unreadable': () => put(current, {}, '{ torn'),
    'readCurrent: active': () => put(current, { owner_codex_session_id: conversation }),
    'readCurrent: foreign': () => put(current, { owner_codex_session_id: 's9' }),
    'readNamed: named': () => put(source),
    'readNamed: named live': () => owned(source),
    'readNamed: named terminal': () => put(source, { current_phase: 'failed' }),
    'readNamed: absent': () => remove(source),
    'readNamed: unreadable': () => put(source, {}, '{ torn'),
    'readNamed: inactive': () => put(source, ended),
    'endNamed: changed': () => put(source, ended),
    'findPane: found': () => {
      pane = samplePane;
    },
    'findPane: none': () => {
      pane = '';
    },
    'updateOwner: updated': () => put(current, { owner_codex_session_id: 's2' }),
    'updateOwner: unchanged': () => put(current, upToDate),
    'updateOwner: changed': () => put(current, ended),
    'scanCandidates: none': () => remove(source),
    'scanCandidates: one': () => put(source),
    'scanCandidates: onlyTerminal': () => put(source, { current_phase: 'complete' }),
    'scanCandidates: oneBesideTerminal': async () => {
      await put(source);
      await put(other, { current_phase: 'complete' });
    },
    'scanCandidates: several': several,
    'scanCandidates: oneOwned': () => owned(source),
    'scanCandidates: stale': () => idle(goesOn ? source : stale),
    'endStale: one': () => put(source),
    'endStale: none': () => remove(source),
    'endStale: several': several,
    'endStale: oneOwned': () => owned(source),
    'endStale: goneOn': () => put(source),
    'prepare: prepared with companions': async () => {
      await ask(
        `INSERT INTO ${schema}.companion (project, session, name, bytes) VALUES ($1, $2, 'run-state.json', '{}') ON CONFLICT DO NOTHING`,
        [number, source],
      );
    },
    'prepare: changed': () => put(source, ended),
    'writeTarget: taken': () => put(current, { owner_codex_session_id: 's2' }),
    'writeSource: changed': () => put(source, { iteration: 4 }),
    'replan: ineligible': () => put(source, { ...ended, iteration: 5 }),
    'afterLockAcquired fails: UNKNOWN': failHook,
    'afterTargetWrite fails: UNKNOWN': failHook,
    'afterCommit fails: UNKNOWN': failHook,
  };
  const runHook = () => {
    hook();
    return { kind: 'done' } as const;
  };

  return {
    isFault,
    arrange: async (path) => {
      const finders: readonly string[] = ['scanCandidates', 'readNamed'];
      const found = path.steps.find(({ outcome }) => outcome.kind === 'answer' && finders.includes(outcome.actor));
      // Of another one, unless that would be refused.
      if (path.input.policies?.refuseForeignOwner === true) conversation = 's1';
      goesOn = path.steps.some(({ outcome }) => outcomeText(outcome) === 'endStale: goneOn');
      if (found !== undefined) await arrangements[outcomeText(found.outcome)]?.();
      if (path.input.command?.kind === 'undo') {
        isUndo = true;
        await put(current, { active: false, current_phase: 'cancelled', stop_reason: 'ownership_transferred' });
        const id = await handedOver();
        await ask(`UPDATE ${schema}.run SET ended_by = $3 WHERE project = $1 AND session = $2`, [number, current, id]);
      }
      return async ({ outcome }: Moment) => {
        const undo = await arrangements[outcomeText(outcome)]?.();
        return async () => {
          hook = () => undefined;
          if (typeof undo === 'function') await undo();
        };
      };
    },
    call: (clock) => {
      // Asked when an actor runs: until then the world is still being arranged.
      const options = {
        companions: 'carry' as const,
        get session() {
          return session;
        },
        get pane() {
          return lookPane;
        },
      };
      const call = store.call(options, clock);
      const actors: Actors = {
        ...call.actors,
        findPane: () => (pane === '' ? { kind: 'none' } : { kind: 'found', pane }),
        afterLockAcquired: runHook,
        afterTargetWrite: runHook,
        afterCommit: runHook,
      };
      const end = async (): Promise<void> => {
        call.close();
        await lockFree(ask, Number(number));
      };
      return { actors: alter?.(actors, ask, project) ?? actors, close: end, crash: end };
    },
    observe: async () => {
      const rows = await ask(`SELECT session, text, version FROM ${schema}.run WHERE project = $1`, [number]);
      const [{ open } = { open: 0 }] = await ask(
        `SELECT count(*)::int AS open FROM ${schema}.transfer WHERE project = $1 AND settled_at IS NULL`,
        [number],
      );
      return {
        runs: rows.map(({ session: id, text, version }) => {
          const state = parsed(String(text));
          return {
            role: id === current ? 'current' : id === source ? 'source' : 'other',
            identity: String(state['owner_codex_session_id'] ?? ''),
            live: isLive(state),
            pane: String(state['tmux_pane_id'] ?? ''),
            by: written.get(String(id)) === version ? 'world' : 'call',
          };
        }),
        locked: await isLocked(ask, Number(number)),
        leftovers: [],
        unfinished: open !== 0,
        problems: [],
      };
    },
    dispose: async () => {
      for (const table of ['companion', 'history', 'run', 'transfer', 'session']) {
        await ask(`DELETE FROM ${schema}.${table} WHERE project = $1`, [number]);
      }
      await ask(`DELETE FROM ${schema}.project WHERE id = $1`, [number]);
    },
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isForgeState(value) ? value : {};
  } catch {
    return {};
  }
}

/** Whether somebody holds the lock of a project. */
export async function isLocked(ask: Ask, project: number): Promise<boolean> {
  const held = await ask(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1718580083 AND objid = $1`, [
    project,
  ]);
  return held.length > 0;
}

/** Waits until a connection that was closed is gone for the server, 5 s at most. */
async function lockFree(ask: Ask, project: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while ((await isLocked(ask, project)) && Date.now() < deadline);
}
