import type { ActorBody } from '../../../../machines/contract.ts';
import { type PostgresCall, underWay } from '../call.ts';
import { moveCompanions } from '../rows/companions.ts';

/**
 * Gives the files beside the run to the current session, in the open transaction. Each host writes its own before it writes
 * the run: a live target always has them.
 *
 * @param call - the call
 */
export const companions =
  (call: PostgresCall): ActorBody<'companions'> =>
  async () => {
    const { connection, project } = call.lease;
    const transfer = underWay(call);
    const { source, target } = transfer.handle;
    await moveCompanions(connection, { project, session: source.id }, target.id);
    call.memory.transfer = { ...transfer, isAccompanied: true };
    return { kind: 'carried' };
  };
