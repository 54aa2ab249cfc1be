import type { ActorBody, Recovery } from '../../../../machines/contract.ts';
import type { ForgeResumeError } from '../../../errors.ts';
import type { JournalSides } from '../../../rules/journal.ts';
import { identityOfInput } from '../files/call-facts.ts';
import { callSessions } from '../files/call-sessions.ts';
import type { Call } from '../transfer/call.ts';
import { endCopies } from '../transfer/copies.ts';
import { concerns, listJournals } from '../transfer/journal-file.ts';
import { clearSession } from '../transfer/run-file.ts';
import { settleJournal } from '../transfer/settle.ts';
import { clearTrail, sessionsPlace } from '../transfer/trail-file.ts';

/**
 * Settles what earlier calls left: temp files, unfinished transfers of the current session and of one that a command
 * names, then, if nobody waits, of
 * others; copies of the current run that came back to life (src/store/file/README.md#recovery and
 * src/store/file/README.md#trails).
 *
 * @param call - the call
 */
export const recover =
  (call: Call): ActorBody<'recover'> =>
  async (input) => {
    call.checkAbort();
    const { current, named } = await callSessions(sessionsPlace(call), input);
    const ids = [...new Set([current, named])].filter((id) => id !== undefined);
    const [currentId] = ids;
    if (currentId === undefined) return { kind: 'recovered', recovered: [] };
    for (const id of ids) {
      clearSession(call, id);
      clearTrail(call, id);
    }
    const isOurs = (sides: JournalSides): boolean => ids.some((id) => concerns(sides, id));
    const recovered: Recovery[] = [];
    const journals = listJournals(call);
    let blocked: ForgeResumeError | undefined;
    for (const sides of journals) {
      if (!isOurs(sides)) continue;
      const settled = await settleJournal(call, sides, { kind: 'caller', currentId, identity: identityOfInput(input) });
      if (settled.kind === 'settled') recovered.push(settled.recovery);
      if (settled.kind === 'kept') blocked ??= settled.error;
    }
    if (blocked !== undefined) throw blocked;
    for (const sides of journals) {
      if (isOurs(sides) || call.lease.isWaitedFor()) continue;
      const settled = await settleJournal(call, sides, { kind: 'bystander' });
      if (settled.kind === 'settled') recovered.push(settled.recovery);
    }
    // The current session last: what was ended there is what may come home.
    for (const id of ids.reverse()) {
      call.memory.endedCopy = undefined;
      recovered.push(...(await endCopies(call, id)));
    }
    return { kind: 'recovered', recovered };
  };
