import type { Command } from '../../../machines/contract.ts';
import type { CommandPlan, PlanSide } from '../../call/plan-command.ts';
import type { Liveness, LivenessSign } from '../../rules/liveness.ts';
import type { Root } from '../find-root.ts';
import { printable } from '../printable.ts';
import { refusalText } from './refusal-text.ts';

const titles = { adopt: 'Adopt', end: 'End', undo: 'Give back' } as const;

const signs: Readonly<Record<LivenessSign, string>> = {
  process_alive: 'its process is there',
  process_gone: 'its process is gone',
  pid_reused: 'its process id is another process by now',
  other_boot: 'its process was one of another boot',
  pane_agent: 'an agent runs in its pane',
  recent_turn: 'it counted a turn within the last minute',
  pane_gone: 'its pane is gone',
  pane_without_agent: 'no agent runs in its pane',
  before_boot: 'nothing about it has changed since the machine was started',
  no_sign: 'nothing tells',
};

/**
 * Whether an owner lives, in words.
 *
 * @param liveness - the judgement
 */
export const livenessText = ({ state, sign }: Liveness): string => `${state} (${signs[sign]})`;

const contents: Readonly<Record<PlanSide['holds'], string>> = {
  active: 'an active run',
  inactive: 'a run that is not active',
  home: 'the run as it was left there',
  absent: 'no run',
  unreadable: 'a run that cannot be read',
};

function sideText({ session, holds, phase, iteration, owner, pane, path }: PlanSide): string {
  const facts = [
    ...(phase === '' ? [] : [`phase ${phase}`]),
    ...(iteration === null ? [] : [`iteration ${iteration}`]),
    ...(owner === '' ? [] : [`conversation ${owner}`]),
    ...(pane === '' ? [] : [`pane ${pane}`]),
  ];
  return printable(`${session}: ${[contents[holds], ...facts].join(', ')}, ${path}`);
}

/**
 * A plan as a person reads it: who loses, who gains, the evidence.
 *
 * @param root - the state directory, and others that are not used
 * @param plan - the plan
 * @param asked - what was asked for
 * @param store - in which database the runs are; files by default
 * @returns lines, with a final line end; the same for the same plan
 */
export function planText({ stateDir, others }: Root, plan: CommandPlan, asked: Command, store?: string): string {
  const { id, command, from, to, liveness, refusal } = plan;
  const lines = [
    `${titles[command]}: plan ${id} in ${printable([stateDir, ...others.map((other) => `not in ${other}`)].join('; '))}`,
    ...(store === undefined ? [] : [`  runs    in ${printable(store)}`]),
    ...(from === null ? [] : [`  loses   ${sideText(from)}`]),
    ...(to === null ? [] : [`  gains   ${sideText(to)}`]),
    ...(liveness === null ? [] : [`  owner   ${livenessText(liveness)}`]),
    ...(refusal === null ? [] : [`  refused ${printable(refusalText(refusal, plan, asked))}`]),
  ];
  return `${lines.join('\n')}\n`;
}
