import type { ActorBody } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { type ForgeState, formatForgeState } from '../../../rules/forge-state.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { identityOf, makeStand, type PostgresCall } from '../call.ts';
import { judgeCurrent } from '../rows/judge-current.ts';
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
  async (input) => {
    const { current, pane } = input;
    const { connection, project, now } = call.lease;
    const identity = identityOf(input);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const row = await readRun(connection, project, current.id);
      const stands = judgeCurrent(current, row, input);
      if (row === undefined || stands.kind !== 'active' || stands.foreign) return { kind: 'changed' };
      const state = row.value as ForgeState;
      const next = refreshOwner(state, { currentId: current.id, identity, pane, now });
      if (next === state) return { kind: 'unchanged' };
      if (!(await replaceRun(connection, project, row, { text: formatForgeState(next) }))) continue;
      await makeStand(call, current.id);
      return { kind: 'updated' };
    }
    throw new ForgeResumeError('SOURCE_BUSY', `the run in ${current.location} keeps changing`);
  };
