/** Stores with one defect each; every one of them must fail the conformance cases, for the right reason. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreActors } from '../../src/store/file/index.ts';

/** A store that is broken on purpose. */
export interface BrokenStore {
  readonly defect: string;
  readonly alter: (actors: StoreActors, stateDir: string) => StoreActors;
  /** Part of the names of the cases that must fail. */
  readonly cases: RegExp;
  /** What these must say. */
  readonly says: RegExp;
}

export const brokenStores: readonly BrokenStore[] = [
  {
    defect: 'overwrites the run that the runtime has just started',
    alter: (actors, stateDir) => ({
      ...actors,
      writeTarget: (input, scope) => {
        rmSync(join(stateDir, 'sessions', input.transfer.target.id, 'forge-state.json'), { force: true });
        return actors.writeTarget(input, scope);
      },
    }),
    cases: /writeTarget: taken, readCurrent: present/,
    says: /after "writeTarget: taken": expected locked\.readCurrent, got locked\.transfer\.writeSource/,
  },
  {
    defect: 'says that the source was ended where it had changed',
    alter: (actors) => ({
      ...actors,
      writeSource: async (input, scope) => {
        await actors.writeSource(input, scope);
        return { kind: 'written' };
      },
    }),
    cases: /writeSource: changed, replan: ineligible/,
    says: /after "writeSource: changed": expected locked\.transfer\.replan, got locked\.transfer\.commit/,
  },
  {
    defect: 'does not give the lock back',
    alter: (actors) => ({ ...actors, release: () => ({ kind: 'released' }) }),
    cases: /readCurrent: missing =>/,
    says: /promise 6: the lock is still held after its release/,
  },
  {
    defect: 'leaves the target where it is after a rollback',
    alter: (actors) => ({ ...actors, rollback: () => ({ kind: 'rolledBack' }) }),
    cases: /scanCandidates: one, .*writeTarget: written, afterTargetWrite fails: UNKNOWN, rollback: rolledBack/,
    says: /the run is still in the current session after a rollback/,
  },
  {
    defect: 'does not recover what a killed call left',
    alter: (actors) => ({ ...actors, recover: () => ({ kind: 'recovered', recovered: [] }) }),
    cases: /^dies after writeTarget$/,
    says: /promise 1: the run is live in current and source/,
  },
];
