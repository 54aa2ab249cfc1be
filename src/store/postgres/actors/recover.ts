import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';

/** Most transfers that one call settles. */
const atOnce = 64;

/**
 * Brings what runtimes wrote on this host since into the database, ends its copies of what was handed over, and finds the
 * transfers of the current session that stand but were not settled: a call was killed, or lost its connection, behind the
 * commit point. What did not come so far has left nothing, so there is nothing else to settle.
 *
 * @param call - the call
 */
export const recover =
  (call: PostgresCall): ActorBody<'recover'> =>
  async (input) => {
    const { lease, host } = call;
    const { rows } = await lease.connection.query(
      `UPDATE ${schema}.transfer SET settled_at = now() WHERE id IN (
         SELECT id FROM ${schema}.transfer
         WHERE project = $1 AND settled_at IS NULL AND (source = $2 OR target = $2) ORDER BY n LIMIT ${atOnce}
       ) RETURNING id`,
      [lease.project, call.options.session],
    );
    const isPushed = (await host?.push(call, input)) ?? false;
    if (rows.length > 0 || isPushed) {
      await lease.commitAndGoOn();
      await lease.regain();
    }
    const copies = (await host?.project(call)) ?? [];
    const finished = rows.map(({ id }: { id: string }) => ({ transferId: id, outcome: 'finished' as const }));
    return { kind: 'recovered', recovered: [...finished, ...copies] };
  };
