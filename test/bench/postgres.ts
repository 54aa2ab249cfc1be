/**
 * The bench of the PostgreSQL store: `npm run bench:postgres [-- --json FILE]`, on a server of its own, with fsync, over its
 * socket. Hook processes on it and on files, in turn; then calls per second of one database (postgres-rates.ts).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { agentCall } from './agent-calls.ts';
import { ratioOf, timeInTurn } from './measure.ts';
import { formatRates, measureRates } from './postgres-rates.ts';
import { oneProcess } from './processes.ts';
import { type Comparison, formatTable } from './report.ts';
import { activeTree, currentSession, removeStateDirs, transferTree } from './trees.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
async function compareHooks(pool: pg.Pool, { folder }: PostgresServer): Promise<readonly Comparison[]> {
  const isKnown = async (project: string): Promise<boolean> =>
    (await pool.query('SELECT FROM forge_session_resume.project WHERE name = $1', [project])).rowCount === 1;
  const hook = (stateDir: string, store: Readonly<Record<string, string>>) => () =>
    oneProcess({ ...agentCall(process.execPath, 'hook', stateDir), env: store });
  const compare = async (
    work: string,
    project: string,
    makeTree: () => string,
    before?: (stateDir: string) => void,
  ) => {
    const [onPostgres, onFiles] = [makeTree(), makeTree()];
    const store = {
      FORGE_RESUME_STORE: `postgres://postgres@localhost/postgres?host=${folder}`,
      FORGE_RESUME_PROJECT: project,
    };
    const contender = (stateDir: string, env: Readonly<Record<string, string>>) => ({
      run: hook(stateDir, env),
      ...(before === undefined ? {} : { before: () => before(stateDir) }),
    });
    const { ours, files } = await timeInTurn(
      { ours: contender(onPostgres, store), files: contender(onFiles, {}) },
      { rounds: 36, block: 1, warmup: 1 },
    );
    if (!(await isKnown(project))) throw new Error('the program does not know stores: it worked on files');
    const ratio = ratioOf(ours, files);
    return { work, against: 'on files', ours: ours.spread, theirs: files.spread, ratio };
  };
  let sessions = 0;
  const launchNext = (stateDir: string): void => {
    const session_id = `${currentSession}-${++sessions}`;
    mkdirSync(join(stateDir, 'sessions', session_id));
    writeFileSync(join(stateDir, 'session.json'), JSON.stringify({ session_id, cwd: dirname(dirname(stateDir)) }));
  };
  return [
    await compare('hook, no-op, as a process, on PostgreSQL', 'no-op', activeTree),
    await compare(
      'hook, hand-over among 10, as a process, on PostgreSQL',
      'hand-over',
      () => transferTree(10),
      launchNext,
    ),
  ];
}

async function main(): Promise<void> {
  if (!needsPostgres()) {
    console.log('Left out: PostgreSQL is not installed');
    return;
  }
  const server = await startPostgres({ fsync: 'on' });
  const pool = new pg.Pool({ connectionString: server.connectionString });
  try {
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
    const { rows } = await pool.query('SHOW server_version');
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
    console.log(`Node ${process.version}, PostgreSQL ${rows[0].server_version}, ${machine}; medians with quartiles\n`);
    const comparisons = await compareHooks(pool, server);
    console.log(`${formatTable(comparisons, 1)}\n`);
    const rates = await measureRates(pool, server);
    console.log(formatRates(rates));
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ comparisons, rates }, null, 2)}\n`);
  } finally {
    await pool.end();
    await server.stop();
  }
}

main().finally(removeStateDirs);
