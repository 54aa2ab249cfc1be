import type { ActorBody, Command } from '../../../../machines/contract.ts';
import { phaseOf } from '../../../rules/forge-state.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { type PostgresCall, runHandle } from '../call.ts';
import { livenessOf } from '../rows/judge-candidates.ts';
import { readRun, stateOf } from '../rows/run-row.ts';

/**
 * Says what run a command names, and whether its owner counted a turn within the last minute. A plan is the version of the run
 * that a person saw, `<epoch>.<version>`.
 *
 * @param call - the call
 */
export const readNamed =
  (call: PostgresCall): ActorBody<'readNamed'> =>
  async ({ command }) => {
    if (command === undefined) return { kind: 'absent' };
    const { connection, project } = call.lease;
    const session = namedBy(command) ?? call.options.session;
    const row = await readRun(connection, project, session);
    const plan = row === undefined ? '' : `${row.epoch}.${row.version}`;
    if (command.plan !== undefined && command.plan !== plan) return { kind: 'moved' };
    if (row === undefined) return { kind: 'absent' };
    const state = stateOf(row);
    if (state === undefined) return { kind: 'unreadable' };
    if (!isActiveRun(state)) return { kind: 'inactive' };
    const candidate = { run: runHandle(call, session), phase: phaseOf(state) };
    return { kind: 'named', candidate, liveness: livenessOf(call, row) };
  };

const namedBy = (command: Command): string | undefined => (command.kind === 'adopt' ? command.source : command.session);
