import { existsSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { planCommand } from '../../../call/plan-command.ts';
import { messageOf } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import { keptName } from '../../../store/file/files/kept-name.ts';
import { type StatePaths, statePaths } from '../../../store/file/files/paths.ts';
import { readStateFile, sightOf } from '../../../store/file/files/state-file.ts';
import { fileChanges, type RunChanges, type RunMend } from './file-changes.ts';
import type { Finding, Mend } from './finding.ts';

/** A finding that was mended. */
export interface Mended {
  readonly finding: Finding;
  /** Where the bytes are that were replaced or removed; null where there were none. */
  readonly kept: string | null;
  /** What puts them back, as an argument vector; null where there is nothing to put back. */
  readonly undo: readonly string[] | null;
}

/** A finding that could not be mended. */
export interface Unmended {
  readonly finding: Finding;
  /** Why, and what to do. */
  readonly message: string;
}

/** What became of findings. */
export interface Mending {
  readonly mended: readonly Mended[];
  readonly unmended: readonly Unmended[];
}

/**
 * Mends what `doctor` can mend by itself, one finding after the other, each under the lock; those that need a person are
 * passed over (src/store/file/README.md#what-is-mended). Each acts only on what the finding saw.
 *
 * @param stateDir - the state directory
 * @param findings - what was found
 * @param changes - changes runs where they are kept; in files by default
 */
export async function mendFindings(
  stateDir: string,
  findings: readonly Finding[],
  changes?: RunChanges,
): Promise<Mending> {
  const paths = statePaths(stateDir);
  const runs = changes ?? fileChanges(paths);
  const [mended, unmended]: [Mended[], Unmended[]] = [[], []];
  // A dead lock first: whoever takes the lock takes it away.
  const inOrder = [...findings].sort((a, b) => Number(b.id === 'FR012') - Number(a.id === 'FR012'));
  for (const one of inOrder) {
    const { mend, undo } = one;
    if (mend === undefined) continue;
    try {
      const kept = await act(paths, runs, mend);
      mended.push({ finding: one, kept, undo: undo && leadingTo(undo, mend, kept) });
    } catch (error) {
      unmended.push({ finding: one, message: messageOf(error) });
    }
  }
  if (mended.length > 0) await note(paths, mended);
  return { mended, unmended };
}

/** The history is advice: where it cannot be written, what was mended stays so. */
async function note(paths: StatePaths, mended: readonly Mended[]): Promise<void> {
  const { addToHistory, underLock } = await import('../../../call/run-machine.ts');
  const lines = mended.map(({ finding: { id: illness, file }, kept }) => ({
    outcome: 'mended' as const,
    illness,
    session: dirname(dirname(file)) === paths.sessions ? basename(dirname(file)) : undefined,
    file: relative(paths.stateDir, file),
    kept: kept === null ? undefined : basename(kept),
  }));
  await underLock(paths, (call) => {
    for (const line of lines) addToHistory(call, { at: call.now, ...line });
  }).catch(() => {});
}

/** Another content may stand under the name already. */
function leadingTo(undo: readonly string[], mend: Mend, kept: string | null): readonly string[] {
  if (kept === null || !('name' in mend)) return undo;
  return undo.map((word) => (word.endsWith(`${sep}${mend.name}`) ? kept : word));
}

async function act(paths: StatePaths, runs: RunChanges, mend: Mend): Promise<string | null> {
  const { inSession, keep, keepFile, keepToken, readAt, setAside, underLock } = await import(
    '../../../call/run-machine.ts'
  );
  switch (mend.kind) {
    case 'setAside':
      return await underLock(paths, (call) => setAside(call, mend));
    case 'takeLock': {
      const owner = readStateFile([paths.lockFolder, protocol.files.lockOwner].join(sep));
      keepToken(paths, mend.name);
      return await underLock(paths, (call) => {
        if (owner.kind !== 'file') return null;
        return keep(call, mend.name, owner.bytes, Number(owner.stat.mode) & 0o777);
      });
    }
    case 'settle': {
      const kept = await underLock(paths, (call) => {
        for (const session of mend.sessions) {
          const run = readAt(call, inSession(session));
          if (run.kind === 'file')
            keep(call, keptName(run.stat, session, 'FR002'), run.bytes, Number(run.stat.mode) & 0o777);
        }
        return keepFile(call, mend).kept;
      });
      await settle(paths, runs, mend);
      return kept;
    }
    case 'refresh': {
      const { kept } = await underLock(paths, (call) => keepFile(call, mend));
      await runs.settle(mend.session);
      return kept;
    }
    case 'end':
      return await end(paths, runs, mend);
  }
}

async function settle(
  paths: StatePaths,
  runs: RunChanges,
  { sessions, file }: Extract<Mend, { kind: 'settle' }>,
): Promise<void> {
  for (const session of sessions) {
    if (existsSync(paths.session(session))) await runs.settle(session);
    if (!existsSync(file)) return;
  }
  throw new Error(`${file} is still there: its runs could not be settled; see them, then try again`);
}

async function end(paths: StatePaths, runs: RunChanges, mend: RunMend): Promise<string | null> {
  const { session, sight } = mend;
  const command = { kind: 'end', session, fromLive: false } as const;
  const input = { payloadSessionId: '', payloadThreadId: '', command };
  const plan = await planCommand({ stateDir: paths.stateDir, env: process.env, input });
  if (plan.refusal !== null) {
    throw new Error(`the owner of the run of ${session} lives: forge-resume end ${session} --from-live ends it anyway`);
  }
  const now = readStateFile(paths.run(session));
  if (now.kind !== 'file' || sightOf(now.stat) !== sight)
    throw new Error(`${paths.run(session)} has changed meanwhile`);
  return await runs.end(mend, plan.id);
}
