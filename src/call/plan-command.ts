import type { Command, MachineInput, ReadCurrentOutput, ReadNamedOutput, RunHandle } from '../../machines/contract.ts';
import { currentGuards, decisions, firstHolding, namedGuards } from '../../machines/guards.ts';
import { listPanes } from '../pane/tmux.ts';
import { isForgeState, iterationOf, phaseOf } from '../rules/forge-state.ts';
import type { Liveness } from '../rules/liveness.ts';
import { isActiveRun } from '../rules/named-transfer.ts';
import { protocol, type Reason } from '../rules/protocol.ts';
import { trimmedText } from '../rules/text.ts';
import { type CallOptions, runHandle } from '../store/file/files/call-facts.ts';
import { callSessions } from '../store/file/files/call-sessions.ts';
import { isHome } from '../store/file/files/home.ts';
import { type JsonRead, readJsonAt } from '../store/file/files/json-file.ts';
import { judgeCurrent } from '../store/file/files/judge-current.ts';
import { livenessOf, surroundingsOf } from '../store/file/files/owner-evidence.ts';
import { type StatePaths, statePaths } from '../store/file/files/paths.ts';
import { planId } from '../store/file/files/plan-id.ts';
import { trailAt } from '../store/file/files/quiet.ts';

const { fields } = protocol;

/** One session in a plan, with what it holds. */
export interface PlanSide {
  readonly session: string;
  /** File of its run. */
  readonly path: string;
  /** What stands there: `home` is a run that was ended there by a hand-over and may come back. */
  readonly holds: 'active' | 'inactive' | 'home' | 'absent' | 'unreadable';
  /** Empty where there is no run. */
  readonly phase: string;
  readonly iteration: number | null;
  /** The conversation that owns the run: `owner_codex_session_id`, else `owner_codex_thread_id`; empty if there is none. */
  readonly owner: string;
  readonly pane: string;
}

/** What a command would do, and why. */
export interface CommandPlan {
  /** Another one as soon as anything that the plan rests on moves. */
  readonly id: string;
  readonly command: Command['kind'];
  /** Where the run is; null where nothing is named. */
  readonly from: PlanSide | null;
  /** Where it goes; null where it goes nowhere. */
  readonly to: PlanSide | null;
  /** Whether the owner of the run lives; null where there is no active run. */
  readonly liveness: Liveness | null;
  /** Why nothing would be done; null where it would. */
  readonly refusal: Reason | null;
}

/** What a plan is asked about. */
export interface PlanQuestion {
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: MachineInput & { readonly command: Command };
}

/**
 * Says what a command would do (src/store/file/README.md#what-a-person-asks-for): without a lock, without writing
 * anything, by the guards of the machine. What it says is checked again under the lock, by the plan's id.
 *
 * @param question - where, and what is asked for
 * @throws ForgeResumeError `STATE_UNSAFE` where `sessions/` is a link
 */
export async function planCommand({ stateDir, env, input }: PlanQuestion): Promise<CommandPlan> {
  const paths = statePaths(stateDir);
  const { current, named } = await callSessions({ paths, env, trailOf: (id) => trailAt(paths, id) }, input);
  const namedRun: JsonRead = named === undefined ? { kind: 'absent' } : await readJsonAt(paths.run(named));
  const currentRun = current === undefined ? undefined : await readJsonAt(paths.run(current));
  const liveness = await livenessIn(paths, env, named, namedRun);
  const isBack = current !== undefined && currentRun !== undefined && (await comesHome(paths, current, currentRun));
  const { kind: command } = input.command;
  return {
    id: planId({ command, named: named ?? '', namedRun, current, currentRun, liveness }),
    command,
    from: named === undefined ? null : sideOf(runHandle(paths, named), namedRun, false),
    to: current === undefined ? null : sideOf(runHandle(paths, current), currentRun ?? { kind: 'absent' }, isBack),
    liveness: liveness ?? null,
    refusal: refusalOf(
      input,
      current === undefined ? undefined : { run: runHandle(paths, current), read: currentRun, isBack },
      namedAs(named === undefined ? undefined : runHandle(paths, named), namedRun, liveness),
    ),
  };
}

async function livenessIn(
  paths: StatePaths,
  env: PlanQuestion['env'],
  named: string | undefined,
  run: JsonRead,
): Promise<Liveness | undefined> {
  if (named === undefined || run.kind !== 'json' || !isActiveRun(run.value)) return undefined;
  const options: Pick<CallOptions, 'env' | 'now' | 'panes'> = { env, now: new Date(), panes: await listPanes() };
  return livenessOf(named, run, surroundingsOf(options, await readJsonAt(paths.sessionRecord)));
}

async function comesHome(paths: StatePaths, id: string, read: JsonRead): Promise<boolean> {
  if (read.kind !== 'json' || isActiveRun(read.value)) return false;
  const reading = {
    trailOf: (session: string) => trailAt(paths, session),
    runOf: (session: string) => readJsonAt(paths.run(session)),
  };
  return await isHome(id, read.file.bytes, reading);
}

function sideOf({ id, location }: RunHandle, read: JsonRead, isBack: boolean): PlanSide {
  const run = read.kind === 'json' && isForgeState(read.value) ? read.value : undefined;
  const holds = read.kind !== 'json' ? read.kind : isActiveRun(run) ? 'active' : isBack ? 'home' : 'inactive';
  return {
    session: id,
    path: location,
    holds,
    phase: run === undefined ? '' : phaseOf(run),
    iteration: (run && iterationOf(run)) ?? null,
    owner: trimmedText(run?.[fields.ownerCodexSession]) || trimmedText(run?.[fields.ownerCodexThread]),
    pane: trimmedText(run?.[fields.pane]),
  };
}

function namedAs(run: RunHandle | undefined, read: JsonRead, liveness: Liveness | undefined): ReadNamedOutput {
  if (run === undefined || read.kind === 'absent') return { kind: 'absent' };
  if (read.kind === 'unreadable') return { kind: 'unreadable' };
  if (!isActiveRun(read.value) || liveness === undefined) return { kind: 'inactive' };
  return { kind: 'named', candidate: { run, phase: phaseOf(read.value) }, liveness };
}

interface Target {
  readonly run: RunHandle;
  readonly read: JsonRead | undefined;
  readonly isBack: boolean;
}

/** What the machine's guards decide, in the machine's order; null where they let the command pass. */
function refusalOf(input: MachineInput, target: Target | undefined, named: ReadNamedOutput): Reason | null {
  if (input.command?.kind !== 'end') {
    const holds = firstHolding(currentGuards, currentAs(target, input), input);
    if (holds !== undefined && holds !== 'runNamed') return decisions[holds];
  }
  const holds = firstHolding(namedGuards, named, input);
  return holds === undefined || holds === 'endWanted' ? null : decisions[holds];
}

function currentAs(target: Target | undefined, input: MachineInput): ReadCurrentOutput {
  if (target === undefined) return { kind: 'missing' };
  const { run, read = { kind: 'absent' }, isBack } = target;
  return isBack ? { kind: 'absent', current: run } : judgeCurrent(run, read, input);
}
