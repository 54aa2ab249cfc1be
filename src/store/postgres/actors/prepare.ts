import { randomInt } from 'node:crypto';
import type { ActorBody } from '../../../../machines/contract.ts';
import { isLive, startOf } from '../../../rules/forge-state.ts';
import { makeTransferId } from '../../../rules/transfer-id.ts';
import { type PostgresCall, runHandle } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { hasCompanions } from '../rows/companions.ts';
import { nextEpoch } from '../rows/epoch.ts';
import { mayTake, planTexts } from '../rows/plan-texts.ts';
import { readRun } from '../rows/run-row.ts';

/**
 * Plans the transfer and notes it in the open transaction: it is there for others only once the source is ended.
 *
 * @param call - the call
 */
export const prepare =
  (call: PostgresCall): ActorBody<'prepare'> =>
  async (input) => {
    const { connection, project, now, floor } = call.lease;
    const source = await readRun(connection, project, input.source.id);
    if (source === undefined || !mayTake(source.value, input) || !isLive(source.value)) return { kind: 'changed' };
    const handle = {
      id: makeTransferId(Date.parse(now), randomInt(2 ** 47) / 2 ** 47),
      source: runHandle(call, input.source.id),
      target: runHandle(call, input.current.id),
    };
    const epoch = nextEpoch(source.epoch, floor);
    await connection.query(
      `INSERT INTO ${schema}.transfer (id, project, source, target, started_at, epoch) VALUES ($1, $2, $3, $4, $5, $6)`,
      [handle.id, project, handle.source.id, handle.target.id, startOf(source.value).replaceAll('\0', ''), epoch],
    );
    const texts = planTexts(call, source.value, input, handle.target.id, input.pane);
    const kind = input.command?.kind;
    const command = kind === 'end' ? undefined : kind;
    call.memory.transfer = { handle, source, ...texts, epoch, plans: 1, command };
    const isAccompanied = call.options.companions === 'carry';
    const companions = isAccompanied && (await hasCompanions(connection, { project, session: handle.source.id }));
    return { kind: 'prepared', transfer: handle, companions };
  };
