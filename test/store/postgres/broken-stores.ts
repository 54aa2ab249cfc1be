import type { Actors } from '../../../machines/contract.ts';
import type { Ask } from '../../support/postgres-world.ts';

const schema = 'forge_session_resume';

/** A PostgreSQL store with one defect, the cases that must find it, and what they must say. */
export interface BrokenPostgres {
  readonly defect: string;
  readonly cases: RegExp;
  readonly says: RegExp;
  readonly alter: (actors: Actors, ask: Ask, project: string) => Actors;
}

const ofProject = `project = (SELECT id FROM ${schema}.project WHERE name = $1)`;

/** Defects that somebody who writes a store on a database could make. */
export const brokenPostgres: readonly BrokenPostgres[] = [
  {
    defect: 'writes the target outside the transaction',
    cases: /^dies after afterTargetWrite$/,
    says: /promise 1: the run is live in/,
    alter: (actors, ask, project) => ({
      ...actors,
      prepare: async (input, scope) => {
        const answer = await actors.prepare(input, scope);
        await ask(
          `INSERT INTO ${schema}.run (project, session, text, active, phase, owner_codex_session, owner_codex_thread, owner_key, epoch)
           SELECT project, 'now', text, active, phase, owner_codex_session, owner_codex_thread, owner_key, epoch
           FROM ${schema}.run WHERE ${ofProject} AND session = $2`,
          [project, input.source.id],
        );
        return answer;
      },
      writeTarget: () => ({ kind: 'written' }),
    }),
  },
  {
    defect: 'never commits',
    cases: /prepare: prepared, writeTarget: written, writeSource: written => resumed_same_codex_session/,
    says: /the run is not live in the current session/,
    alter: (actors) => ({
      ...actors,
      writeSource: async (input, scope) => {
        await actors.rollback(input, scope);
        return { kind: 'written' };
      },
      commit: () => ({ kind: 'committed' }),
    }),
  },
  {
    defect: 'does not give the lock back',
    cases: /scanCandidates: none => no_matching_prior_forge/,
    says: /promise 6: the lock is still held/,
    alter: (actors) => ({ ...actors, release: () => ({ kind: 'released' }) }),
  },
  {
    defect: 'ends the source whatever became of it',
    cases: /writeSource: changed/,
    says: /expected locked\.transfer\.replan, got/,
    alter: (actors, ask, project) => ({
      ...actors,
      writeSource: async (input, scope) => {
        const answer = await actors.writeSource(input, scope);
        if (answer.kind === 'written') return answer;
        await ask(`UPDATE ${schema}.run SET active = false WHERE ${ofProject} AND session = $2`, [
          project,
          input.transfer.source.id,
        ]);
        return { kind: 'written' };
      },
    }),
  },
  {
    defect: 'forgets to settle a transfer',
    cases: /prepare: prepared, writeTarget: written, writeSource: written => resumed_same_codex_session/,
    says: /a transfer is left unfinished/,
    alter: (actors) => ({ ...actors, commit: () => ({ kind: 'committed' }) }),
  },
];
