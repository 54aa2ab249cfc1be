/** Hand-overs through a proxy that cuts their connection at any message. */
import type pg from 'pg';
import { expect } from 'vitest';
import type { Actors } from '../../machines/contract.ts';
import { runForgeSessionResume } from '../../src/call/run-forge-session-resume.ts';
import { openPostgresStore, type PostgresStore } from '../../src/store/postgres/index.ts';
import type { PostgresProxy } from './postgres-proxy.ts';

/** A server, and what stands before it. */
export interface Wire {
  readonly pool: pg.Pool;
  readonly proxy: PostgresProxy;
}

const live = JSON.stringify({ active: true, owner_codex_session_id: 'c1', started_at: 't', iteration: 3 });
const input = { payloadSessionId: 'c1', payloadThreadId: '' };
const done = () => ({ kind: 'done' }) as const;
let projects = 0;

/** A project with a live run in `old`, reached past the proxy, and what reaches it through the proxy. */
export async function wiredProject({ pool, proxy }: Wire): Promise<{
  readonly project: string;
  readonly direct: PostgresStore;
  readonly proxied: PostgresStore;
}> {
  projects += 1;
  const project = `wire-${projects}`;
  const direct = await openPostgresStore({ pool, project });
  for (const session of ['old', 'now']) await direct.addSession(session);
  await direct.putRun({ session: 'old', text: live });
  const proxied = await openPostgresStore({ connectionString: proxy.connectionString, project });
  return { project, direct, proxied };
}

/** A call in the session `now`. */
export async function handOver(store: PostgresStore) {
  const call = store.call({ session: 'now' });
  try {
    const hooks = { afterLockAcquired: done, afterTargetWrite: done, afterCommit: done };
    const actors: Actors = { ...call.actors, findPane: () => ({ kind: 'none' }), ...hooks };
    return await runForgeSessionResume({ actors, input });
  } finally {
    call.close();
  }
}

/** The sessions in which the run is active. */
export async function liveIn(store: PostgresStore): Promise<string[]> {
  const runs = await Promise.all(['old', 'now'].map(async (id) => [id, (await store.getRun(id))?.text] as const));
  return runs.flatMap(([id, text]) => (text !== undefined && JSON.parse(text).active === true ? [id] : []));
}

/**
 * Cuts the connection of a hand-over at one message after the other, and looks for the one live run, then once more behind
 * the next call.
 *
 * @param wire - the server
 * @param every - 1: at each message; 12: at each twelfth
 * @returns how many messages a hand-over has, and how the calls ended
 */
export async function cutEverywhere(
  wire: Wire,
  every: number,
): Promise<{ readonly messages: number; readonly ends: Readonly<Record<string, number>> }> {
  const reference = await wiredProject(wire);
  wire.proxy.arrange();
  await handOver(reference.proxied);
  await reference.proxied.close();
  const messages = wire.proxy.messages().length;
  const ends: Record<string, number> = {};
  for (let at = 1; at <= messages; at += every) {
    const { direct, proxied } = await wiredProject(wire);
    wire.proxy.arrange({ at, mode: 'cut' });
    const end = await handOver(proxied).then(
      ({ reason }): string => reason,
      ({ code }) => String(code),
    );
    ends[end] = (ends[end] ?? 0) + 1;
    expect(await liveIn(direct), `cut at ${at}`).toHaveLength(1);
    await handOver(direct);
    expect(await liveIn(direct), `after the call behind a cut at ${at}`).toEqual(['now']);
    await proxied.close();
  }
  expect(Object.keys(ends).filter((end) => !known.includes(end))).toEqual([]);
  return { messages, ends };
}

const known = ['IO', 'LOCK_LOST', 'resumed_same_codex_session', 'current_forge_active'];
