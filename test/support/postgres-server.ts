/** A private PostgreSQL server for a test file: its own cluster in a scratch folder, its own socket, never the system's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processGone } from './tmux-server.ts';

const installs = '/usr/lib/postgresql';

/** A running server. */
export interface PostgresServer {
  /** For `pg`: the superuser, over the socket. */
  readonly connectionString: string;
  /** Folder of the socket `.s.PGSQL.5432`. */
  readonly folder: string;
  /** Kills the server as a power cut would, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again where it was stopped or killed; resolves once it takes connections. */
  readonly start: () => Promise<void>;
  /** Ends it, without waiting for its clients, and removes the folder. */
  readonly stop: () => Promise<void>;
}

function binaries(): string | undefined {
  const versions = existsSync(installs) ? readdirSync(installs).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(installs, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/**
 * Whether a suite that needs a real PostgreSQL can run; a missing one is named with what installs it.
 *
 * @throws Error where it is missing and `FORGE_RESUME_REQUIRE_TOOLS=1` asks for every suite to run
 */
export function needsPostgres(): boolean {
  if (binaries() !== undefined) return true;
  const hint = 'this suite needs PostgreSQL: apt-get install --no-install-recommends postgresql-15';
  if (process.env['FORGE_RESUME_REQUIRE_TOOLS'] === '1') throw new Error(hint);
  console.warn(`skipped: ${hint}`);
  return false;
}

/** Which programs make a cluster, and of what. */
export interface ClusterOptions {
  /** Folder of the server's programs; default: Debian's newest. */
  readonly bin?: string | undefined;
  /** The server whose asynchronous standby it is to be; default: a cluster of its own. */
  readonly follows?: PostgresServer | undefined;
  /** What stands before the command that starts the server; default nothing. */
  readonly inside?: readonly string[] | undefined;
  /** Addresses from which clients are let in without a password, as CIDR; default: those of loopback. */
  readonly clients?: string | undefined;
  /** Is told the cluster's folder, which is empty yet. */
  readonly prepare?: ((folder: string) => void) | undefined;
}

/**
 * Makes a cluster and starts its server.
 *
 * @param settings - of the server, such as `{ max_connections: '50' }`
 * @param cluster - of which programs, and of what
 * @returns the server; the caller must `stop` it
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  { bin = binaries() ?? '', follows, inside = [], clients, prepare }: ClusterOptions = {},
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  prepare?.(folder);
  // The server refuses to run as root; Debian's package brings a user for it.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const { uid, gid } = statSync('/var/lib/postgresql');
    chownSync(folder, uid, gid);
  }
  const data = join(folder, 'data');
  const run = async (program: string, ...args: string[]): Promise<void> => {
    const command = [join(bin, program), ...args];
    const asUser = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    const [file = '', ...rest] = [...inside, ...asUser];
    // A pipe would stay open for as long as the server runs.
    const child = spawn(file, rest, { stdio: 'ignore', cwd: folder });
    const [code] = await once(child, 'exit');
    if (code === 0) return;
    const log = join(folder, 'log');
    throw new Error(`${program} failed (${code}): ${existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : ''}`);
  };
  const all = { listen_addresses: '', unix_socket_directories: folder, fsync: 'off', ...settings };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
  let isKilled = false;
  const start = async (): Promise<void> => {
    isKilled = false;
    await run('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-w', '-t', '60', '-o', options.join(' '), 'start');
  };
  const postmaster = (): number | undefined => {
    const file = join(data, 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  };
  try {
    if (follows === undefined)
      await run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
    else
      await run('pg_basebackup', '-D', data, '-h', follows.folder, '-U', 'postgres', '-R', '-c', 'fast', '--no-sync');
    if (clients !== undefined) appendFileSync(join(data, 'pg_hba.conf'), `host all all ${clients} trust\n`);
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    folder,
    connectionString: `socket://postgres@${folder}?db=postgres`,
    kill: async () => {
      const pid = postmaster();
      if (pid === undefined) return;
      const children = childrenOf(pid);
      process.kill(pid, 'SIGKILL');
      isKilled = true;
      // They hold the cluster's memory until they have noticed.
      await Promise.all([pid, ...children].map(processGone));
      // Where nobody waits for orphans they stay as zombies, which the next start takes for a running server.
      for (const file of [join(data, 'postmaster.pid'), join(folder, '.s.PGSQL.5432.lock')])
        rmSync(file, { force: true });
    },
    start,
    stop: async () => {
      // One that was killed has left its shared memory, which nobody but the cluster's next server takes away.
      if (isKilled) await start().catch(() => undefined);
      if (postmaster() !== undefined)
        await run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop').catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
