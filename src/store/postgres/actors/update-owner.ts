import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { formatForgeState } from '../../../rules/forge-state.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import type { PostgresCall } from '../call.ts';
import { readRun, replaceRun } from '../rows/run-row.ts';

/** How often a run that is written meanwhile is read again. */
const attempts = 3;

/**
 * Refreshes the owner of the current run (src/rules/README.md#rule-3-current-run-active) and makes that stand.
 *
 * @param call - the call
 */
export const updateOwner =
  (call: PostgresCall): ActorBody<'updateOwner'> =>
  async ({ payloadSessionId, payloadThreadId, current, pane }) => {
    const { connection, project, now } = call.lease;
    const identity = { sessionId: payloadSessionId, threadId: payloadThreadId };
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const row = await readRun(connection, project, current.id);
      if (row === undefined || !isActiveRun(row.value)) return { kind: 'changed' };
      const next = refreshOwner(row.value, { currentId: current.id, identity, pane, now });
      if (next === row.value) return { kind: 'unchanged' };
      if (!(await replaceRun(connection, project, row, { text: formatForgeState(next) }))) continue;
      await call.lease.commit();
      return { kind: 'updated' };
    }
    throw new ForgeResumeError('SOURCE_BUSY', `the run in ${current.location} keeps changing`);
  };
