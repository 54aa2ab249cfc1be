/** PgBouncer in transaction mode before a test's server: its clients share few connections, one transaction at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import { processGone } from './tmux-server.ts';

const program = '/usr/sbin/pgbouncer';
const port = 6432;

/** A running pooler. */
export interface PgBouncer {
  /** For `pg`: over its socket. */
  readonly config: PoolConfig;
  readonly stop: () => Promise<void>;
}

/**
 * Whether a suite that needs PgBouncer can run; where it is missing, what installs it is named.
 *
 * @throws Error where it is missing and `FORGE_RESUME_REQUIRE_TOOLS=1` asks for every suite to run
 */
export function needsPgBouncer(): boolean {
  if (existsSync(program)) return true;
  const hint = 'this suite needs PgBouncer: apt-get install --no-install-recommends pgbouncer';
  if (process.env['FORGE_RESUME_REQUIRE_TOOLS'] === '1') throw new Error(hint);
  console.warn(`skipped: ${hint}`);
  return false;
}

/**
 * Starts a pooler.
 *
 * @param folder - of the server's socket; the pooler's files go there too
 * @param connections - how many it has to the server
 */
export async function startPgBouncer(folder: string, connections: number): Promise<PgBouncer> {
  const config = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'pgbouncer-users');
  writeFileSync(users, '"postgres" ""\n');
  writeFileSync(
    config,
    `[databases]
postgres = host=${folder} port=5432 dbname=postgres
[pgbouncer]
listen_port = ${port}
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${connections}
logfile = ${folder}/pgbouncer.log
`,
  );
  const isRoot = process.getuid?.() === 0;
  const { uid, gid } = statSync(folder);
  if (isRoot) for (const file of [config, users]) chownSync(file, uid, gid);
  const command = [program, '-q', config];
  const [file = '', ...rest] = isRoot
    ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...command]
    : command;
  const child = spawn(file, rest, { stdio: 'ignore' });
  const deadline = Date.now() + 10_000;
  while (!existsSync(join(folder, `.s.PGSQL.${port}`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const log = join(folder, 'pgbouncer.log');
      throw new Error(`the pooler did not start: ${existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : ''}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    config: { host: folder, port, user: 'postgres', database: 'postgres' },
    stop: async () => {
      const exited = child.exitCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGINT');
      await exited;
      if (child.pid !== undefined) await processGone(child.pid);
    },
  };
}
