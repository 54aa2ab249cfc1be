import { existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { searchStarts } from '../../rules/project.ts';
import { findProject } from '../find-project.ts';

/** Agents that can be set up. */
export const agentNames = ['codex', 'claude'] as const;

/** One of {@link agentNames}. */
export type AgentName = (typeof agentNames)[number];

/** What people call them. */
export const agentTitles: Readonly<Record<AgentName, string>> = { codex: 'Codex', claude: 'Claude Code' };

/** For whom: one project, or all of the user's. */
export interface Scope {
  /** Absolute; undefined for all of the user's projects. */
  readonly project: string | undefined;
}

/** The folder in which an agent keeps its configuration. */
export interface AgentPlace {
  readonly agent: AgentName;
  /** Absolute. */
  readonly folder: string;
  readonly exists: boolean;
}

const variables: Readonly<Record<AgentName, string>> = { codex: 'CODEX_HOME', claude: 'CLAUDE_CONFIG_DIR' };

/**
 * Which scope the command line names.
 *
 * @param project - the folder as given; `true`: the one with a `.rcs/state` at or above the working folder, else the
 * working folder itself; undefined: all of the user's projects
 */
export function scopeOf(project: string | true | undefined): Scope {
  if (project === undefined) return { project: undefined };
  if (project !== true) return { project: resolve(project) };
  const cwd = process.cwd();
  return { project: findProject(searchStarts(cwd, process.env))?.project ?? cwd };
}

/**
 * Where an agent keeps its configuration.
 *
 * @param agent - which one
 * @param scope - for whom
 * @param env - environment, which may name the folder
 */
export function placeOf(
  agent: AgentName,
  { project }: Scope,
  env: Readonly<Record<string, string | undefined>> = process.env,
): AgentPlace {
  const named = env[variables[agent]] ?? '';
  const home = isAbsolute(named) ? named : join(env['HOME'] || homedir(), `.${agent}`);
  const folder = project === undefined ? home : join(project, `.${agent}`);
  return { agent, folder, exists: isFolder(folder) };
}

/**
 * The agents that are there: with a folder in the scope, else, for a project, with one in the user's home.
 *
 * @param scope - for whom
 */
export function agentsFound(scope: Scope): readonly AgentName[] {
  const found = agentNames.filter((agent) => placeOf(agent, scope).exists);
  if (found.length > 0 || scope.project === undefined) return found;
  return agentNames.filter((agent) => placeOf(agent, { project: undefined }).exists);
}

/**
 * Whether a file lies in the scope: one that a project's link puts elsewhere does not.
 *
 * @param target - the file itself
 * @param scope - for whom
 */
export function isInScope(target: string, { project }: Scope): boolean {
  if (project === undefined) return true;
  const there = realWhereItExists(target);
  return there.startsWith(realWhereItExists(resolve(project)) + sep);
}

/** A path without links, as far as something stands there. */
function realWhereItExists(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realWhereItExists(above), basename(path));
}

/** Whether a folder stands there, or a link to one. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
