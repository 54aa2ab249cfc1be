import type { ActorBody } from '../../../../machines/contract.ts';
import { codeOf } from '../../../../machines/guards.ts';
import { ForgeResumeError } from '../../../errors.ts';
import type { PostgresCall } from '../call.ts';
import { isSilence } from '../database/answer-within.ts';
import { schema } from '../database/migrations.ts';

/**
 * Tries the project's lock once: a transaction of its own, which the later actors write in. A lock that was lost went with
 * its transaction, and everything that was written in that. Where the server is silent it is not tried again.
 *
 * @param call - the call
 */
export const acquireLock =
  (call: PostgresCall): ActorBody<'acquireLock'> =>
  async ({ again, brief }) => {
    call.memory.transfer = undefined;
    // Whoever waits for us has waited for that silence already; the next call settles what came of this one.
    if (again && call.lease.isSilent) throw new ForgeResumeError('LOCK_LOST', 'the database is silent');
    try {
      const kind = await call.lease.attempt(brief);
      if (kind !== 'storeMissing' || call.host?.isThere() !== true) return { kind };
      // The tables are there, and so is the project: this is its first call.
      await call.lease.outside(`INSERT INTO ${schema}.project (name) VALUES ($1) ON CONFLICT DO NOTHING`, [
        call.project,
      ]);
      return { kind: await call.lease.attempt(brief) };
    } catch (error) {
      // A server that was restarted takes connections again before long.
      if (again && codeOf(error) === 'IO' && !isSilence(error)) return { kind: 'busy' };
      throw error;
    }
  };
