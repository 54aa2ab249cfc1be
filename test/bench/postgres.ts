/**
 * The bench of the PostgreSQL store: `npm run bench:postgres [-- --json FILE]`, on a server of its own, with fsync, over its
 * socket. Hook processes on it and on files, in turn; then calls per second of one database with 1, 8 and 32 hosts, each a
 * process with a project of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { agentCall } from './agent-calls.ts';
import { ratioOf, timeInTurn } from './measure.ts';
import { oneProcess } from './processes.ts';
import { type Comparison, formatTable } from './report.ts';
import { activeTree, currentSession, removeStateDirs, transferTree } from './trees.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const hostProgram = join(__dirname, 'postgres-host.cjs');

/** Calls per second of all hosts together. */
interface Rate {
  readonly hosts: number;
  readonly looks: number;
  readonly handOvers: number;
}

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

async function rateOf(hosts: number, { connectionString }: PostgresServer): Promise<Rate> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-bench-'));
  const children: ChildProcess[] = [];
  const ask = async (what: string): Promise<number> => {
    const rates = await Promise.all(
      children.map(async (child) => {
        const answered = once(child, 'message');
        child.send({ what, ms: 4_000 });
        return Number((await answered)[0]);
      }),
    );
    return Math.round(rates.reduce((sum, rate) => sum + rate, 0));
  };
  try {
    for (let host = 0; host < hosts; host += 1) {
      const stateDir = join(folder, String(host), '.rcs', 'state');
      mkdirSync(stateDir, { recursive: true });
      const child = fork(hostProgram, [connectionString, `of-${hosts}-${host}`, stateDir]);
      children.push(child);
      await once(child, 'message');
    }
    return { hosts, looks: await ask('looks'), handOvers: await ask('hand-overs') };
  } finally {
    await Promise.all(
      children.map(async (child) => {
        const exited = once(child, 'exit');
        child.send('end');
        await exited;
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  }
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
    const rates: Rate[] = [];
    for (const hosts of [1, 8, 32]) {
      rates.push(await rateOf(hosts, server));
      const { looks, handOvers } = rates.at(-1) as Rate;
      console.log(`${hosts} hosts: ${looks} looks a second, ${handOvers} hand-overs a second`);
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ comparisons, rates }, null, 2)}\n`);
  } finally {
    await pool.end();
    await server.stop();
  }
}

main().finally(removeStateDirs);
