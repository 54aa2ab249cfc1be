import type { ActorBody } from '../../../../machines/contract.ts';
import { codeOf } from '../../../../machines/guards.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';

/**
 * Tries the project's lock once: a transaction of its own, which the later actors write in. A lock that was lost went with
 * its transaction, and everything that was written in that.
 *
 * @param call - the call
 */
export const acquireLock =
  (call: PostgresCall): ActorBody<'acquireLock'> =>
  async ({ again, brief }) => {
    call.memory.transfer = undefined;
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
      if (again && codeOf(error) === 'IO') return { kind: 'busy' };
      throw error;
    }
  };
