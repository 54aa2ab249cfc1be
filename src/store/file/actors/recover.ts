import type { ActorBody, Recovery } from '../../../../machines/contract.ts';
import type { ForgeResumeError } from '../../../errors.ts';
import { identityOfInput } from '../files/call-facts.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { readJsonAt } from '../files/json-file.ts';
import type { Call } from '../transfer/call.ts';
import { endCopies } from '../transfer/copies.ts';
import { concerns, listJournals } from '../transfer/journal-file.ts';
import { clearSession } from '../transfer/run-file.ts';
import { settleJournal } from '../transfer/settle.ts';
import { clearTrail } from '../transfer/trail-file.ts';

/**
 * Settles what earlier calls left: temp files, unfinished transfers of the current session, then, if nobody waits, of
 * others; copies of the current run that came back to life (src/store/file/README.md#recovery and
 * src/store/file/README.md#trails).
 *
 * @param call - the call
 */
export const recover =
  (call: Call): ActorBody<'recover'> =>
  async (input) => {
    call.checkAbort();
    const currentId = await findCurrentSession(call, readJsonAt);
    if (currentId === undefined) return { kind: 'recovered', recovered: [] };
    clearSession(call, currentId);
    clearTrail(call, currentId);
    const recovered: Recovery[] = [];
    const journals = listJournals(call);
    let blocked: ForgeResumeError | undefined;
    for (const sides of journals) {
      if (!concerns(sides, currentId)) continue;
      const settled = await settleJournal(call, sides, { kind: 'caller', currentId, identity: identityOfInput(input) });
      if (settled.kind === 'settled') recovered.push(settled.recovery);
      if (settled.kind === 'kept') blocked ??= settled.error;
    }
    if (blocked !== undefined) throw blocked;
    for (const sides of journals) {
      if (concerns(sides, currentId) || call.lease.isWaitedFor()) continue;
      const settled = await settleJournal(call, sides, { kind: 'bystander' });
      if (settled.kind === 'settled') recovered.push(settled.recovery);
    }
    return { kind: 'recovered', recovered: [...recovered, ...(await endCopies(call, currentId))] };
  };
