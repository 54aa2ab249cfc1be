import { isTransfer } from '../../../machines/guards.ts';
import { isForgeState, iterationOf, phaseOf } from '../../rules/forge-state.ts';
import { isActiveRun } from '../../rules/named-transfer.ts';
import { commandReasons, protocol, type Reason, reasons } from '../../rules/protocol.ts';
import { trimmedText } from '../../rules/text.ts';
import type { SeenRun } from '../../store/postgres/overview.ts';
import type { CommandPlan, PlanQuestion, PlanSide } from '../plan-command.ts';
import { dryOnPostgres } from './dry-on-postgres.ts';
import type { StorePlace } from './with-store.ts';

const { fields } = protocol;

/**
 * Says what a command would do on the runs of a project that are in PostgreSQL, by running the machine of which nothing
 * stays. What it says is checked again under the lock, by the plan's id.
 *
 * @param place - the database
 * @param question - where, and what is asked for
 * @throws what the call itself would throw
 */
export async function planOnPostgres(place: StorePlace, { stateDir, env, input }: PlanQuestion): Promise<CommandPlan> {
  const { command } = input;
  const dry = await dryOnPostgres(place, { stateDir, env, ...input, command });
  if (dry.result === undefined) throw dry.error;
  const { reason, currentRcsSessionId } = dry.result;
  const runOf = (session: string): SeenRun | undefined => dry.overview.runs.find((run) => run.session === session);
  const named = command.kind === 'adopt' ? command.source : (command.session ?? dry.session);
  const run = runOf(named);
  const to = currentRcsSessionId || (command.kind === 'adopt' ? (command.into ?? dry.session) : '');
  return {
    id: run === undefined ? 'none' : `${run.epoch}.${run.version}`,
    command: command.kind,
    from: named === '' ? null : sideOf(place, named, run),
    to: command.kind === 'end' || to === '' ? null : sideOf(place, to, runOf(to)),
    liveness: run !== undefined && isActiveRun(run.value) ? run.liveness : null,
    // A run that the database lost goes on in the session that has it.
    refusal: isDone(reason) || (reason === reasons.currentActive && named === to) ? null : reason,
  };
}

const isDone = (reason: Reason): boolean => isTransfer(reason) || reason === commandReasons.ended;

function sideOf({ project }: StorePlace, session: string, run: SeenRun | undefined): PlanSide {
  const value = run !== undefined && isForgeState(run.value) ? run.value : undefined;
  return {
    session,
    path: `postgres:${project}/${session}`,
    holds: holdsOf(run),
    phase: value === undefined ? '' : phaseOf(value),
    iteration: (value && iterationOf(value)) ?? null,
    owner: trimmedText(value?.[fields.ownerCodexSession]) || trimmedText(value?.[fields.ownerCodexThread]),
    pane: trimmedText(value?.[fields.pane]),
  };
}

function holdsOf(run: SeenRun | undefined): PlanSide['holds'] {
  if (run === undefined) return 'absent';
  if (!isForgeState(run.value)) return 'unreadable';
  if (isActiveRun(run.value)) return 'active';
  return run.endedBy === null ? 'inactive' : 'home';
}
