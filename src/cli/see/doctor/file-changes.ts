import { runCall } from '../../../call/run-call.ts';
import { settleFrom } from '../../../call/settle-from.ts';
import { commandReasons, reasons, stopReasons } from '../../../rules/protocol.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import type { Mend } from './finding.ts';

/** What `doctor --fix` is to do with a run. */
export type RunMend = Extract<Mend, { kind: 'refresh' | 'end' }>;

/** Changes runs through the machine, where they are kept. */
export interface RunChanges {
  /**
   * Makes a call from a session, which settles what is unfinished there and refreshes the owner of its run.
   *
   * @throws Error where the lock is held, or the call fails
   */
  readonly settle: (session: string) => Promise<void>;
  /**
   * Ends a run whose owner is gone, as its file says.
   *
   * @param mend - which
   * @param plan - the plan by which its file is to be ended
   * @returns where its bytes are kept; null where nothing had to be
   * @throws Error where it has moved, the lock is held, or the call fails
   */
  readonly end: (mend: RunMend, plan: string) => Promise<string | null>;
}

/**
 * Changes runs that are in files.
 *
 * @param paths - the state directory's
 */
export const fileChanges = (paths: StatePaths): RunChanges => ({
  settle: async (session) => {
    const { reason } = await settleFrom(paths.stateDir, session);
    if (reason === reasons.lockTimeout) throw new Error(`another call holds ${paths.lockFolder}; try again`);
  },
  end: async ({ session }, plan) => {
    const command = { kind: 'end', session, fromLive: false, plan } as const;
    const { reason, ended } = await runCall({ stateDir: paths.stateDir }, { command });
    if (reason !== commandReasons.ended)
      throw new Error(`the run of ${session} has moved meanwhile (${reason}); look again`);
    const [run] = ended ?? [];
    return run?.stopReason === stopReasons.byUser ? (run.kept ?? null) : null;
  },
});
