/** Clones of one project on several hosts, which share a database. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Actors, MachineInput } from '../../machines/contract.ts';
import { runForgeSessionResume } from '../../src/call/run-forge-session-resume.ts';
import { openPostgresStore, type PostgresStore } from '../../src/store/postgres/index.ts';

const done = () => ({ kind: 'done' }) as const;

/** What a call on a host may differ in. */
export interface HostCall extends Partial<MachineInput> {
  readonly actors?: ((actors: Actors) => Partial<Actors>) | undefined;
  readonly comeHome?: boolean;
  /** Default `carry`. */
  readonly companions?: 'carry' | 'none';
}

/** One clone. */
export interface TestHost {
  readonly stateDir: string;
  readonly store: PostgresStore;
  /** The path of a session's run. */
  readonly path: (session: string) => string;
  /** Launches a session: makes its folder. */
  readonly launch: (session: string) => void;
  /** Writes a session's run in place, as its runtime does. */
  readonly write: (session: string, run: Readonly<Record<string, unknown>>) => void;
  /** A session's run; undefined where there is none. */
  readonly read: (session: string) => Record<string, unknown> | undefined;
  /** The call of a session's hook. */
  readonly call: (session: string, options?: HostCall) => Promise<Awaited<ReturnType<typeof runForgeSessionResume>>>;
}

/** Clones by name, and what removes them. */
export interface TestHosts {
  readonly host: (name: string) => Promise<TestHost>;
  readonly remove: () => void;
}

/** A run of the conversation `c1`. */
export const liveRun = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  active: true,
  current_phase: 'building',
  iteration: 1,
  started_at: '2026-01-01T00:00:00.000Z',
  owner_codex_session_id: 'c1',
  ...changes,
});

/**
 * Makes clones of one project in a scratch folder.
 *
 * @param pool - of the database
 * @param project - its name there
 */
export function postgresHosts(pool: Pool, project: string): TestHosts {
  // In memory where the host has that: no disk is asked to sync thousands of times.
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(base, 'pg-hosts-'));
  return {
    remove: () => rmSync(folder, { recursive: true, force: true }),
    host: async (name) => {
      const stateDir = join(folder, name, '.rcs', 'state');
      mkdirSync(join(stateDir, 'sessions'), { recursive: true });
      const store = await openPostgresStore({ pool, project, stateDir });
      const path = (session: string): string => join(stateDir, 'sessions', session, 'forge-state.json');
      return {
        stateDir,
        store,
        path,
        launch: (session) => mkdirSync(join(stateDir, 'sessions', session), { recursive: true }),
        write: (session, run) => {
          mkdirSync(join(stateDir, 'sessions', session), { recursive: true });
          writeFileSync(path(session), JSON.stringify(run, null, 2));
        },
        read: (session) => {
          try {
            return JSON.parse(readFileSync(path(session), 'utf8'));
          } catch {
            return undefined;
          }
        },
        call: async (session, { actors = () => ({}), comeHome, companions = 'carry', ...changes } = {}) => {
          const call = store.call({
            session,
            pane: '',
            comeHome,
            companions: companions === 'carry' ? companions : undefined,
          });
          try {
            const given: Actors = {
              ...call.actors,
              findPane: () => ({ kind: 'none' }),
              afterLockAcquired: done,
              afterTargetWrite: done,
              afterCommit: done,
            };
            const input = { payloadSessionId: 'c1', payloadThreadId: '', ...changes };
            const result = await runForgeSessionResume({ actors: { ...given, ...actors(given) }, input });
            const warnings = call.warnings();
            return warnings.length === 0 ? result : { ...result, warnings };
          } finally {
            call.close();
          }
        },
      };
    },
  };
}
