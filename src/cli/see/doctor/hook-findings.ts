import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { FoundHooks } from '../../install/find-installed.ts';
import { hookEvents } from '../../install/hook-events.ts';
import { shellWords, splitOwn } from '../../install/own-command.ts';
import { type AgentName, type AgentPlace, agentNames, agentTitles, placeOf } from '../../install/places.ts';
import { type Finding, finding, type Remedy } from './finding.ts';
import { notRunFinding } from './not-run-finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** One agent's hooks, for this project and for all of the user's. */
interface AgentHooks {
  readonly home: AgentPlace;
  readonly isThere: boolean;
  readonly found: FoundHooks;
  /** Arguments that let `install` write where our hooks are: of this project, if only its own configuration has them. */
  readonly scope: readonly string[];
  /** What puts back the file with our hooks once an installation has changed it; undefined where taking them out must do. */
  readonly back: readonly string[] | undefined;
  /** Why its configuration cannot be read, if so. */
  readonly problem: string | undefined;
  /** Whether it is told of turns in another way. */
  readonly isNotified: boolean;
}

/**
 * What is wrong with the hooks that agents are to run.
 *
 * @param stateDir - the state directory
 * @param env - environment, which may name the agents' folders
 */
export async function hookFindings(stateDir: string, env: Env): Promise<Finding[]> {
  // One part of the program for all who read agents' configurations.
  const installed = await import('../../install/install-command.ts');
  const project = dirname(dirname(stateDir));
  const agents = agentNames.map((agent) => hooksOf(agent, project, env, installed));
  const hooked = agents.filter(({ found, isNotified }) => found.events.length > 0 || isNotified);
  const missing = hooked.length > 0 ? hooked.flatMap(incomplete) : noneAtAll(agents);
  const broken = hooked.flatMap(programGone);
  const files = hooked.flatMap(({ found }) => found.files);
  return [...missing, ...broken, ...(broken.length > 0 ? [] : notRunFinding(stateDir, files))];
}

function hooksOf(
  agent: AgentName,
  project: string,
  env: Env,
  { findInstalled, readReceipt, backupOf }: typeof import('../../install/install-command.ts'),
): AgentHooks {
  const places = [placeOf(agent, { project: undefined }, env), placeOf(agent, { project }, env)] as const;
  let problem: string | undefined;
  const inPlaces = places.map((place) => {
    try {
      return findInstalled(place);
    } catch (error) {
      problem ??= messageOf(error);
      return { events: [], commands: [], files: [] };
    }
  });
  const [home, ofProject] = places;
  const files = inPlaces.flatMap(({ files }) => files);
  const isProjects = files.length > 0 && inPlaces[0]?.files.length === 0;
  const { folder } = isProjects ? ofProject : home;
  const [file = ''] = files;
  // With a receipt, what is kept is from before an earlier installation.
  const isKept = files.length === 1 && dirname(file) === folder && readReceipt(folder) === undefined;
  return {
    home,
    isThere: places.some(({ exists }) => exists),
    found: {
      events: inPlaces.flatMap(({ events }) => events),
      commands: inPlaces.flatMap(({ commands }) => commands),
      files,
    },
    scope: isProjects ? ['--project', project] : [],
    back: isKept ? ['cp', '-p', '--', backupOf(file), file] : undefined,
    problem,
    isNotified: agent === 'codex' && places.some(({ folder }) => namesNotify(join(folder, 'config.toml'))),
  };
}

const namesNotify = (file: string): boolean =>
  /^\s*notify\s*=.*forge-resume/ms.test(attempt(() => readFileSync(file, 'utf8')) ?? '');

/** What installs the hooks of an agent: with the switches of a hook that is there, which installing would take away. */
const installing = (agent: string, there?: AgentHooks): Remedy => {
  const where = ['--agent', agent, ...(there?.scope ?? []), '--yes'];
  return {
    fixes: [['forge-resume', 'install', ...where, ...switchesIn(there?.found.commands ?? [])]],
    undo: there?.back ?? ['forge-resume', 'uninstall', ...where],
  };
};

const switchesIn = ([command = '']: readonly string[]): readonly string[] =>
  splitOwn(shellWords(command) ?? [], 'hook')?.rest ?? [];

function noneAtAll(agents: readonly AgentHooks[]): Finding[] {
  const there = agents.filter(({ isThere }) => isThere);
  const [only] = there;
  const where = agents.map(({ home: { folder } }) => folder).join(' nor ');
  const evidence = there.find(({ problem }) => problem !== undefined)?.problem ?? `neither ${where} has a hook of it`;
  const remedy = installing(there.length === 1 && only !== undefined ? only.home.agent : 'all');
  return [finding('FR017', (only ?? agents[0])?.home.folder ?? '', evidence, remedy)];
}

function incomplete(hooks: AgentHooks): Finding[] {
  const {
    home: { agent, folder },
    found,
    isNotified,
  } = hooks;
  const missing = hookEvents.filter((event) => !found.events.includes(event));
  if (missing.length === 0 || (isNotified && found.events.length === 0)) return [];
  const evidence = `${agentTitles[agent]} has no hook of it for ${missing.join(', ')}`;
  return [finding('FR017', found.files[0] ?? folder, evidence, installing(agent, hooks))];
}

/** A hook whose program is not there any more: an upgrade or a removal took it away. */
function programGone(hooks: AgentHooks): Finding[] {
  const {
    home: { agent },
    found,
  } = hooks;
  const gone = found.commands
    .flatMap((command) => shellWords(command)?.slice(0, 2) ?? [])
    .find((word) => isAbsolute(word) && !existsSync(word));
  if (gone === undefined) return [];
  return [finding('FR021', found.files[0] ?? '', `its program ${gone} is not there`, installing(agent, hooks))];
}
