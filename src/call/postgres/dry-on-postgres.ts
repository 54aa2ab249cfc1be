import type { MachineInput } from '../../../machines/contract.ts';
import { type Policies, policiesIn } from '../../rules/policies.ts';
import { reasons } from '../../rules/protocol.ts';
import { findCurrentSession } from '../../store/file/files/current-session.ts';
import { readJsonAt } from '../../store/file/files/json-file.ts';
import { statePaths } from '../../store/file/files/paths.ts';
import type { PostgresStore } from '../../store/postgres/index.ts';
import type { StoreOverview } from '../../store/postgres/overview.ts';
import type { ReconcileOptions } from '../options.ts';
import { resultOfAnswer } from '../result.ts';
import type { DryResult } from '../run-dry.ts';
import { makeIntoKnown } from './make-into-known.ts';
import { inputOf, onePane, withSurroundings } from './run-on-postgres.ts';
import { inTime, type StorePlace, withStore } from './with-store.ts';

/** A call that is only imagined. */
export interface DryPostgresCall extends Policies, Pick<ReconcileOptions, 'stateDir' | 'env' | 'comeHome'> {
  readonly payloadSessionId?: unknown;
  readonly payloadThreadId?: unknown;
  /** What a person would ask for; without a plan. */
  readonly command?: MachineInput['command'];
}

/** What a call would come to, and what it would find. */
export interface DryPostgresResult extends DryResult {
  /** As the call finds it, with what it brings along from this host. */
  readonly overview: StoreOverview;
  /** The current session; empty where none is. */
  readonly session: string;
}

/**
 * Runs a call of which nothing stays: the machine itself with the store's own actors, in a transaction that is taken back
 * (src/store/postgres/README.md#a-call-of-which-nothing-stays). It holds the project's lock for that long.
 *
 * @param place - the database
 * @param call - what the caller would say
 * @throws Error where `pg` is missing; ForgeResumeError where the database is away or has no tables
 */
export async function dryOnPostgres(place: StorePlace, call: DryPostgresCall): Promise<DryPostgresResult> {
  const { stateDir, env = process.env, command } = call;
  const policies = policiesIn(call);
  return await withStore(place, { stateDir, dry: true }, async (store) => {
    const overview = await inTime(store.overview());
    let session: string;
    try {
      session = (await findCurrentSession({ paths: statePaths(stateDir), env, policies }, readJsonAt)) ?? '';
    } catch (error) {
      return { result: undefined, error, candidates: [], notes: {}, overview, session: '' };
    }
    if (session !== '' || command !== undefined) return await dryRun(store, call, { overview, session });
    const result = resultOfAnswer({ reason: reasons.sessionMissing, current: null });
    return { result, candidates: [], notes: {}, overview, session };
  });
}

async function dryRun(
  store: PostgresStore,
  call: DryPostgresCall,
  { overview: before, session }: Pick<DryPostgresResult, 'overview' | 'session'>,
): Promise<DryPostgresResult> {
  let overview = before;
  const { stateDir, env = process.env, comeHome, command } = call;
  let candidates: readonly string[] = [];
  const findPane = onePane(env);
  const opened = store.call({ session, comeHome, pane: findPane });
  // A look would answer too little: of whom it would take.
  const actors = withSurroundings(opened.actors, { kind: 'doubtful', pane: null }, findPane);
  const noting: typeof actors = {
    ...actors,
    recover: async (given, scope) => {
      const output = await actors.recover(given, scope);
      // Under the lock: what was done before might be taken back with a try that did not get it.
      await makeIntoKnown(store, { stateDir, env }, given);
      overview = await store.overview();
      return output;
    },
    scanCandidates: async (given, scope) => {
      const output = await actors.scanCandidates(given, scope);
      candidates = output.candidates.map(({ run: { id } }) => id);
      return output;
    },
  };
  // One part of the program for all who run the machine.
  const { runForgeSessionResume } = await import('../run-machine.ts');
  try {
    const result = await runForgeSessionResume({ actors: noting, input: inputOf(call, command) });
    return { result, candidates, notes: {}, overview, session };
  } catch (error) {
    return { result: undefined, error, candidates, notes: {}, overview, session };
  } finally {
    opened.close();
  }
}
