import { listPanes } from '../../../pane/tmux.ts';
import { protocol } from '../../../rules/protocol.ts';
import { trimmedText } from '../../../rules/text.ts';
import { readJsonAt } from '../../../store/file/files/json-file.ts';
import { statePaths } from '../../../store/file/files/paths.ts';
import type { Root } from '../../find-root.ts';
import { type Finding, finding } from './illnesses.ts';
import { projectFindings } from './project-findings.ts';
import { runFindings } from './run-findings.ts';

const weight = { error: 0, warning: 1, note: 2 } as const;

/**
 * What is wrong in a state directory: takes no lock, writes nothing.
 *
 * @param root - which one
 * @param env - environment
 * @param now - epoch milliseconds
 */
export async function findingsIn(
  root: Root,
  env: Readonly<Record<string, string | undefined>>,
  now: number = Date.now(),
): Promise<Finding[]> {
  const paths = statePaths(root.stateDir);
  const panes = listPanes();
  const record = await readJsonAt(paths.sessionRecord);
  const around = { record, panes: await panes, ownPane: trimmedText(env[protocol.env.pane]), now };
  const nested = root.others.map((other) => finding('FR014', other, `beside ${root.stateDir}, which is used`));
  return bySeverity([...runFindings(paths, around), ...projectFindings(paths, record, now), ...nested]);
}

/** The worst first, in an order that stays. */
export const bySeverity = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) => weight[a.severity] - weight[b.severity] || a.id.localeCompare(b.id) || a.file.localeCompare(b.file),
  );
