import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ForgeResumeError } from '../../src/errors.ts';
import { readJson, text } from './baseline-files.ts';

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a value is an RCS session id as written. */
export const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value);

/** Whether something stands at a path; a link is refused (rule 10). */
export async function isThere(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isSymbolicLink()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`);
  return stat !== undefined;
}

/**
 * Finds the current session (rule 2).
 *
 * @param stateDir - the state directory
 * @param env - environment of the call
 */
export async function findCurrent(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const sessions = join(stateDir, 'sessions');
  await isThere(sessions);
  const proposed = [env['RCS_SESSION_ID'], env['CODEX_SESSION_ID'], env['SESSION_ID']].map(text).find(isId);
  if (proposed !== undefined && (await isThere(join(sessions, proposed)))) return proposed;
  const read = await readJson(join(stateDir, 'session.json'));
  if (read.kind !== 'value' || typeof read.value !== 'object' || read.value === null) return undefined;
  const record = read.value as Readonly<Record<string, unknown>>;
  const id = record['session_id'];
  if (!isId(id)) return undefined;
  const cwd = record['cwd'];
  const project = resolve(stateDir, '..', '..');
  if (typeof cwd === 'string' && cwd.trim() !== '' && (await real(cwd)) !== (await real(project))) return undefined;
  if (!(await isAlive(record))) return undefined;
  await isThere(join(sessions, id));
  return id;
}

const real = async (path: string): Promise<string> => {
  const resolved = resolve(path);
  return realpath(resolved).catch(() => resolved);
};

async function isAlive(record: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { pid, pid_start_ticks: ticks, pid_cmdline: cmdline } = record;
  const isPid = Number.isSafeInteger(pid) && (pid as number) > 0;
  if (!isPid && typeof ticks !== 'number' && typeof cmdline !== 'string') return true;
  if (!isPid) return false;
  try {
    process.kill(pid as number, 0);
    if (process.platform !== 'linux') return true;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const startTicks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    if (ticks !== startTicks) return false;
    const wanted = fold(text(cmdline));
    return wanted === '' || wanted === fold(await readFile(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

const fold = (line: string): string => line.replaceAll('\0', ' ').replace(/\s+/g, ' ').trim();
