import { ForgeResumeError } from '../../errors.ts';
import { answerWithin, Silence } from '../../store/postgres/database/answer-within.ts';
import { answerLimitMs } from '../../store/postgres/database/driver.ts';
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from '../../store/postgres/index.ts';

/** Which database a project's runs are in, and its name there. */
export interface StorePlace {
  /** As `pg` reads it. */
  readonly url: string;
  readonly project: string;
}

/** How a store is opened. */
export type StoreWish = Pick<PostgresStoreOptions, 'stateDir' | 'dry'>;

/**
 * Runs something on a store, and ends its connections.
 *
 * @param place - which one
 * @param wish - with which files, and whether anything is to stay
 * @param action - what
 * @throws Error where `pg` is missing
 */
export async function withStore<Result>(
  { url, project }: StorePlace,
  wish: StoreWish,
  action: (store: PostgresStore) => Promise<Result>,
): Promise<Result> {
  const store = await openPostgresStore({ connectionString: url, project, ...wish });
  try {
    return await action(store);
  } finally {
    // A server that is silent is not waited for: whoever waits for us has an answer.
    void store.close().catch(() => undefined);
  }
}

/**
 * The first answer of a database, connection and all.
 *
 * @param answer - what is waited for
 * @param limitMs - how long, milliseconds
 * @throws ForgeResumeError `IO` where it takes longer
 */
export async function inTime<Answer>(answer: Promise<Answer>, limitMs: number = answerLimitMs): Promise<Answer> {
  try {
    return await answerWithin(answer, limitMs);
  } catch (error) {
    if (!(error instanceof Silence)) throw error;
    throw new ForgeResumeError('IO', `the database did not answer within ${answerLimitMs / 1_000} s`);
  }
}

/** Loads all that a call may need later, the user's password file too. Nothing is asked of a server. */
export async function loadAhead(): Promise<void> {
  // As the store imports it: in the program it is a part of its own, and what it read is kept there.
  const { readPasswordsAhead } = await import('../../store/postgres/database/password-file.ts');
  readPasswordsAhead();
  const nowhere = { url: 'postgres://localhost', project: 'none' };
  await Promise.all([
    import('../run-machine.ts'),
    import('../record-call.ts'),
    withStore(nowhere, { stateDir: '/nowhere' }, async () => undefined),
  ]);
}
