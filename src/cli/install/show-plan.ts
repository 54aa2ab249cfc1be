import { createTwoFilesPatch } from 'diff';
import { printable } from '../printable.ts';
import { agentTitles, type Scope } from './places.ts';
import type { AgentPlan, FilePlan } from './plan.ts';
import { backupOf } from './receipt.ts';

/** What a plan is about. */
export type PlanKind = 'install' | 'uninstall';

const textOf = (bytes: Buffer | undefined): string => bytes?.toString().replaceAll('\r\n', '\n') ?? '';

/** Foreign text, with the tabs that it is indented by. */
const shown = (line: string): string =>
  line
    .split('\t')
    .map((part) => printable(part))
    .join('\t');

/**
 * A file's change as a unified diff, safe for a terminal.
 *
 * @param plan - the change
 */
export function diffOf({ file, after }: FilePlan): string {
  const names = [
    file.bytes === undefined ? '/dev/null' : file.path,
    after === undefined ? '/dev/null' : file.path,
  ] as const;
  const patch = createTwoFilesPatch(...names, textOf(file.bytes), textOf(after), '', '', { context: 3 });
  const lines = patch.split('\n').filter((line) => !/^(=+$|Index: )/.test(line));
  return lines
    .map((line) => shown(line.replace(/^(---|\+\+\+) (.*?)\t$/, '$1 $2')))
    .join('\n')
    .trimEnd();
}

const nextSteps: Readonly<Record<AgentPlan['place']['agent'], string>> = {
  codex: 'Next, in Codex: open /hooks, review the hooks and trust them. They do not run before that.',
  claude: 'Next, in Claude Code: start a new session. /hooks shows the hooks.',
};

const verbs = { install: 'is set up already', uninstall: 'has nothing of forge-resume' } as const;

/**
 * A plan as people read it. It says the same whether it is carried out or not.
 *
 * @param kind - what it is about
 * @param scope - for whom
 * @param plans - one for each agent
 */
export function planText(kind: PlanKind, { project }: Scope, plans: readonly AgentPlan[]): string {
  const parts = plans.map(({ place, files, notes, leftovers }) => {
    const title = `${agentTitles[place.agent]}, ${project === undefined ? 'all projects' : `project ${project}`}`;
    const isEmpty = files.length === 0 && leftovers.length === 0;
    const backups = kind === 'install' ? files.filter(({ file }) => file.bytes !== undefined) : [];
    return [
      `${title}: ${isEmpty ? verbs[kind] : changeLine(files, leftovers)}`,
      ...files.flatMap((plan) => ['', diffOf(plan)]),
      ...(backups.length === 0 ? [] : ['', ...backups.map(({ file }) => `Kept as it was: ${backupOf(file.path)}`)]),
      ...(kind === 'uninstall' && leftovers.length > 0 ? ['', ...leftovers.map((path) => `Removed: ${path}`)] : []),
      ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}`)]),
      ...(kind === 'install' && files.length > 0 ? ['', nextSteps[place.agent]] : []),
    ].map((part) => part.split('\n').map(shown).join('\n'));
  });
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function changeLine(files: readonly FilePlan[], leftovers: readonly string[]): string {
  const changes = files.flatMap((plan) => plan.changes);
  return changes.length === 0 ? `${leftovers.length} files that are no longer needed` : changes.join(', ');
}

/**
 * A plan as programs read it.
 *
 * @param kind - what it is about
 * @param scope - for whom
 * @param plans - one for each agent
 */
export function planJson(kind: PlanKind, { project }: Scope, plans: readonly AgentPlan[]): string {
  const agents = plans.map(({ place, files, notes, leftovers }) => ({
    agent: place.agent,
    folder: place.folder,
    files: files.map((plan) => ({
      path: plan.file.path,
      target: plan.file.target,
      action: plan.after === undefined ? 'remove' : plan.file.bytes === undefined ? 'create' : 'edit',
      changes: plan.changes,
      ...(kind === 'install' && plan.file.bytes !== undefined ? { backup: backupOf(plan.file.path) } : {}),
      diff: diffOf(plan),
    })),
    removed: leftovers,
    notes,
    next: kind === 'install' && files.length > 0 ? nextSteps[place.agent] : null,
  }));
  return `${printable(JSON.stringify({ schema: 1, command: kind, project: project ?? null, agents }))}\n`;
}
