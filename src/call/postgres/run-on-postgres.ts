import type { Actors, LookOutput, MachineInput } from '../../../machines/contract.ts';
import { lookUpPane } from '../../pane/tmux.ts';
import { type Policies, policiesIn } from '../../rules/policies.ts';
import { reasons } from '../../rules/protocol.ts';
import { trimmedText } from '../../rules/text.ts';
import { findCurrentSession } from '../../store/file/files/current-session.ts';
import { readJsonAt } from '../../store/file/files/json-file.ts';
import { monotonicMs } from '../../store/file/files/monotonic.ts';
import { statePaths } from '../../store/file/files/paths.ts';
import { answerLimitMs } from '../../store/postgres/database/driver.ts';
import type { PostgresActors } from '../../store/postgres/index.ts';
import type { CallParts, ReconcileOptions } from '../options.ts';
import { type ReconcileResult, resultOfAnswer } from '../result.ts';
import { makeIntoKnown } from './make-into-known.ts';
import { inTime, type StorePlace, withStore } from './with-store.ts';

/** What a database has to answer at least, milliseconds, however long the program took to start. */
const leastMs = 500;

/** A call that a command or an agent makes; hooks and observers are the library's alone. */
export type PostgresCallWish = Omit<ReconcileOptions, 'hooks' | 'inspect' | 'signal'>;

/**
 * Runs one call on the runs of a project that are in PostgreSQL
 * (src/store/postgres/README.md#a-call-from-the-command-line): looks first, by one statement that writes nothing, and
 * starts the machine only where that is not enough. Which session is current, and in which pane the agent is, this host
 * says.
 *
 * @param place - the database
 * @param options - the caller's
 * @param parts - a person's command, who calls
 * @throws Error where `pg` is missing; ForgeResumeError as the store's actors do, `IO` where it does not answer within 2 s
 */
export async function runOnPostgres(
  place: StorePlace,
  options: PostgresCallWish,
  parts: CallParts = {},
): Promise<ReconcileResult> {
  const { stateDir, env = process.env, comeHome, companions, record } = options;
  const { command, isAgentChild, caller } = parts;
  const input = inputOf(options, command);
  const paths = statePaths(stateDir);
  const session = (await findCurrentSession({ paths, env, policies: input.policies }, readJsonAt)) ?? '';
  if (session === '' && command === undefined) return resultOfAnswer({ reason: reasons.sessionMissing, current: null });
  // An agent waits for the whole process.
  const limitMs = isAgentChild ? Math.max(leastMs, answerLimitMs - performance.now()) : answerLimitMs;
  const findPane = onePane(env, isAgentChild);
  return await withStore(place, { stateDir }, async (store) => {
    const since = monotonicMs();
    const call = store.call({ session, comeHome, companions, pane: findPane });
    try {
      const looked = await inTime(Promise.resolve(call.actors.look(input, { signal: never })), limitMs);
      if (looked.kind === 'answered' && !record) return resultOfAnswer(looked.answer);
      await makeIntoKnown(store, { stateDir, env }, input);
      // One part of the program for all who run the machine.
      const { runForgeSessionResume } = await import('../run-machine.ts');
      const actors = withSurroundings(call.actors, looked, findPane);
      const lookMs = monotonicMs() - since;
      const recording = record && {
        record,
        paths,
        input,
        now: new Date(),
        caller,
        since,
        lookMs,
        store: 'postgres',
        readRun: none,
      };
      const recorded = recording ? (await import('../record-call.ts')).recordCall(recording) : undefined;
      return await recordedAs(recorded, call.warnings, () => runForgeSessionResume({ actors, input }, recorded));
    } finally {
      call.close();
    }
  });
}

/** Ids, wishes and policies, as the machine takes them. */
export function inputOf(
  options: Policies & Pick<ReconcileOptions, 'payloadSessionId' | 'payloadThreadId'>,
  command: MachineInput['command'],
): MachineInput {
  const policies = policiesIn(options);
  return {
    payloadSessionId: trimmedText(options.payloadSessionId),
    payloadThreadId: trimmedText(options.payloadThreadId),
    ...(command === undefined ? {} : { command }),
    ...(policies === undefined ? {} : { policies }),
  };
}

/** Finds the agent's pane, at most once. */
export function onePane(
  env: Readonly<Record<string, string | undefined>>,
  isAgentChild?: boolean,
): (named?: unknown) => Promise<string> {
  let pane: Promise<string> | undefined;
  return (named) => {
    pane ??= lookUpPane(env, { isAgentChild, named: trimmedText(named) });
    return pane;
  };
}

/**
 * All actors of a call that has no hooks: the store's, and a pane look-up.
 *
 * @param actors - the store's
 * @param looked - what the look found
 * @param findPane - looks the pane up
 */
export function withSurroundings(
  actors: PostgresActors,
  looked: LookOutput,
  findPane: (named?: unknown) => Promise<string>,
): Actors {
  return {
    ...actors,
    look: () => looked,
    findPane: async () => {
      const pane = await findPane();
      return pane === '' ? { kind: 'none' } : { kind: 'found', pane };
    },
  };
}

const never = new AbortController().signal;

/** The files beside us are only what was projected: what the database holds is in what the actors say. */
const none = (): undefined => undefined;

type Recorded = ReturnType<typeof import('../record-call.ts')['recordCall']>;

async function recordedAs(
  recorded: Recorded | undefined,
  besides: () => readonly string[],
  run: () => Promise<ReconcileResult>,
): Promise<ReconcileResult> {
  try {
    const result = await run();
    const { warnings: foreign = [] } = result;
    const ours = besides();
    const warnings = [...ours, ...foreign, ...(recorded?.end({ warnings: ours, foreign }) ?? [])];
    return warnings.length > 0 ? { ...result, warnings } : result;
  } catch (error) {
    recorded?.end({ thrown: { error }, warnings: besides(), foreign: [] });
    throw error;
  }
}
