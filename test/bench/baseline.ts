/**
 * `spec.md` as one would write it down at first: a lock folder, asynchronous reads one after another, every file
 * parsed, nothing synced, nothing recovered. Benches compare with it, and tests take it as a second opinion.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { lookUpPane } from '../../src/pane/tmux.ts';
import { type Reason, reasons } from '../../src/rules/protocol.ts';
import { makeFolderOf, readJson, text, writeJson } from './baseline-files.ts';
import { takeLock } from './baseline-lock.ts';
import { end, isCandidate, isRun, type Run, refresh, takeOver } from './baseline-owner.ts';
import { findCurrent, isId } from './baseline-session.ts';

interface Paths {
  readonly sourcePath?: string;
  readonly targetPath?: string;
}

const result = (current: string, reason: Reason, paths: Paths = {}, updated = false): ReconcileResult =>
  ({
    currentRcsSessionId: current,
    resumed: reason === reasons.resumed,
    updatedCurrentOwner: updated,
    reason,
    ...paths,
  }) as ReconcileResult;

/**
 * Does what {@link import('../../src/call/reconcile.ts').reconcileForgeSessionResume} does (spec.md, rules 1 to 10).
 *
 * @param options - as there; `signal` and `inspect` are not looked at
 */
export async function reconcileForgeSessionResume(options: ReconcileOptions): Promise<ReconcileResult> {
  const isThere = await stat(options.stateDir).then(
    () => true,
    () => false,
  );
  if (!isThere) return result('', reasons.sessionMissing);
  const release = await takeLock(options.stateDir);
  if (release === undefined) return result('', reasons.lockTimeout);
  try {
    await options.hooks?.afterLockAcquired?.();
    return await decide(options);
  } finally {
    await release();
  }
}

async function decide(options: ReconcileOptions): Promise<ReconcileResult> {
  const { stateDir, env = process.env } = options;
  const session = text(options.payloadSessionId);
  const thread = text(options.payloadThreadId);
  const now = new Date().toISOString();
  const current = await findCurrent(stateDir, env);
  if (current === undefined) return result('', reasons.sessionMissing);
  const targetPath = runFile(stateDir, current);
  const read = await readJson(targetPath);
  if (read.kind === 'value' && isRun(read.value) && read.value['active'] === true) {
    const pane = (await lookUpPane(env)).trim();
    const next = refresh(read.value, { current, session, thread, pane, now });
    const updated = next !== read.value;
    if (updated) await writeJson(targetPath, next);
    return result(current, reasons.currentActive, { targetPath }, updated);
  }
  if (read.kind === 'value' && read.value) return result(current, reasons.currentPresent, { targetPath });
  if (read.kind !== 'absent') return result(current, reasons.currentUnreadable, { targetPath });
  if (session === '' && thread === '') return result(current, reasons.identityMissing);
  const found = await candidates(stateDir, current, session, thread);
  const [only] = found;
  if (only === undefined) return result(current, reasons.noCandidate);
  if (found.length > 1) return result(current, reasons.severalCandidates);
  const pane = (await lookUpPane(env)).trim();
  await makeFolderOf(targetPath);
  await writeJson(targetPath, takeOver(only.run, { current, session, thread, pane, now }));
  try {
    const notice = {
      from: basename(dirname(only.path)),
      to: current,
      sourcePath: only.path,
      targetPath,
      transferId: '',
    };
    await options.hooks?.afterTargetWrite?.(notice);
    await writeJson(only.path, end(only.run, now));
  } catch (error) {
    await rm(targetPath, { force: true }).catch(() => undefined);
    throw error;
  }
  return result(current, reasons.resumed, { sourcePath: only.path, targetPath });
}

const runFile = (stateDir: string, id: string): string => join(stateDir, 'sessions', id, 'forge-state.json');

async function candidates(
  stateDir: string,
  current: string,
  session: string,
  thread: string,
): Promise<{ readonly path: string; readonly run: Run }[]> {
  const found: { path: string; run: Run }[] = [];
  const entries = await readdir(join(stateDir, 'sessions'), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory() || !isId(entry.name) || entry.name === current) continue;
    const path = runFile(stateDir, entry.name);
    const read = await readJson(path);
    if (read.kind === 'value' && isCandidate(read.value, session, thread)) found.push({ path, run: read.value });
  }
  return found;
}
