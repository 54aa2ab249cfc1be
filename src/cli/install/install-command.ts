import { join, resolve } from 'node:path';
import { messageOf } from '../../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail, refuseUse } from '../fail.ts';
import { type PolicyWords, policyArguments, readPolicies } from '../policy-switches.ts';
import { output, writeText } from '../write-line.ts';
import { applyInstall, applyUninstall } from './apply-plan.ts';
import { confirm, isAtTerminal } from './confirm.ts';
import {
  type AgentName,
  agentNames,
  agentsFound,
  agentTitles,
  isFolder,
  placeOf,
  type Scope,
  scopeOf,
} from './places.ts';
import { type AgentPlan, isEmptyPlan } from './plan.ts';
import { planInstall } from './plan-install.ts';
import { planUninstall } from './plan-uninstall.ts';
import { programWords } from './program-words.ts';
import { type PlanKind, planJson, planText } from './show-plan.ts';

export { findInstalled } from './find-installed.ts';
export { backupOf, readReceipt } from './receipt.ts';

/** Options of `forge-resume install` and `forge-resume uninstall`; policies only of the former. */
export interface InstallOptions extends PolicyWords {
  readonly agent?: AgentName | 'all';
  readonly global?: boolean;
  readonly project?: string | true;
  readonly notify?: boolean;
  readonly record?: string;
  readonly followLinks?: boolean;
  readonly bare?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Installs our hooks in the configuration of agents (`forge-resume install`): prints the plan, asks a person, writes.
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export function installCommand(options: InstallOptions): Promise<number> {
  if (options.notify === true && options.project !== undefined) {
    return usage(
      'install',
      options,
      "Codex takes no notify from a project's config.toml; leave --project or --notify away",
    );
  }
  try {
    // What a hook cannot understand would keep it from every call. Variables are the hook's own to read.
    readPolicies(options, {});
  } catch (error) {
    return usage('install', options, messageOf(error));
  }
  const switches = [
    ...(options.followLinks === true ? ['--follow-links'] : []),
    ...(options.record === undefined ? [] : ['--record', asFolder(options.record)]),
    ...policyArguments(options),
  ];
  const command = { program: programWords(options.bare === true), switches };
  const wish = { command, notify: options.notify === true };
  return run('install', options, (agent, scope) => planInstall(placeOf(agent, scope), scope, wish), applyInstall);
}

/** By its end a hook knows it for a folder, which is made when the first call comes. */
const asFolder = (path: string): string => join(resolve(path), '/');

/**
 * Takes us out of the configuration of agents (`forge-resume uninstall`).
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export function uninstallCommand(options: InstallOptions): Promise<number> {
  return run('uninstall', options, (agent, scope) => planUninstall(placeOf(agent, scope), scope), applyUninstall);
}

async function run(
  kind: PlanKind,
  options: InstallOptions,
  plan: (agent: AgentName, scope: Scope) => AgentPlan,
  apply: (plan: AgentPlan, isShared: boolean) => void,
): Promise<number> {
  const { agent, global: isGlobal = false, project, dryRun = false, yes = false, json = false } = options;
  if (isGlobal && project !== undefined) return await usage(kind, options, 'take one of --global and --project');
  const scope = scopeOf(project);
  const agents = agent === undefined ? agentsFound(scope) : agent === 'all' ? agentNames : [agent];
  try {
    if (scope.project !== undefined && !isFolder(scope.project))
      throw new Error(`${scope.project} is no folder; name the project's: --project <dir>`);
    if (agents.length === 0) throw new Error(`no agent found; ${absent(scope)}`);
    const plans = agents.map((name) => plan(name, scope));
    const isSettled = dryRun || isEmptyPlan(plans);
    if (!json) writeText(output.stdout, planText(kind, scope, plans));
    // With --json there is one object, at the end.
    if (!isSettled && !yes && (json || !isAtTerminal()))
      return await usage(kind, options, 'nobody to ask here: --yes writes this, --dry-run only shows it');
    if (!isSettled && !yes && !(await confirm('Write this?'))) return failed(kind, json, 'nothing was written');
    if (!isSettled) for (const one of plans) apply(one, project !== undefined);
    if (json) writeText(output.stdout, planJson(kind, scope, plans));
    return exitCodes.ok;
  } catch (error) {
    return failed(kind, json, messageOf(error) + adviceFor(error));
  }
}

/** What a person can do about an error of the system. */
function adviceFor(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return '. Make it writable for this user, then try again';
  if (['ENOSPC', 'EDQUOT'].includes(code)) return '. Free some space, then try again';
  return '';
}

const absent = (scope: Scope): string =>
  `neither ${agentNames.map((name) => `${placeOf(name, scope).folder} (${agentTitles[name]})`).join(' nor ')} is there. ` +
  `Name one: --agent codex, claude or all`;

const failed = (kind: PlanKind, json: boolean, message: string): number => fail(kind, message, json, { command: kind });

function usage(kind: PlanKind, { json }: InstallOptions, message: string): Promise<number> {
  return Promise.resolve(refuseUse(kind, message, json, { command: kind }));
}
