import { setTimeout as pause } from 'node:timers/promises';
import { listPanes } from '../../../pane/tmux.ts';
import { protocol } from '../../../rules/protocol.ts';
import { trimmedText } from '../../../rules/text.ts';
import { readJsonAt } from '../../../store/file/files/json-file.ts';
import { statePaths } from '../../../store/file/files/paths.ts';
import type { Root } from '../../find-root.ts';
import { bySeverity, type Finding, finding } from './finding.ts';
import { journalFindings } from './journal-findings.ts';
import { leftInOwn } from './leftover-findings.ts';
import { projectFindings } from './project-findings.ts';
import { runFindings } from './run-findings.ts';

/** Time between two looks, milliseconds: what stands only between two writes of somebody's is gone by then. */
const secondLookMs = 20;

/**
 * What is wrong in a state directory: takes no lock, writes nothing. What is found is looked at once more; only what is
 * seen twice, in the same words, is an illness.
 *
 * @param root - which one
 * @param env - environment
 * @param now - the time of a look, epoch milliseconds
 */
export async function findingsIn(
  root: Root,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number = Date.now,
): Promise<Finding[]> {
  const panes = await listPanes();
  const look = async (): Promise<Finding[]> => {
    const paths = statePaths(root.stateDir);
    const record = await readJsonAt(paths.sessionRecord);
    const around = { record, panes, ownPane: trimmedText(env[protocol.env.pane]), now: now() };
    const nested = root.others.map((other) => finding('FR014', other, `beside ${root.stateDir}, which is used`));
    return [
      ...runFindings(paths, around),
      ...projectFindings(paths, record, around.now),
      ...(await journalFindings(paths, around.now)),
      ...leftInOwn(paths, around.now),
      ...nested,
    ];
  };
  const first = new Set((await look()).map(words));
  if (first.size === 0) return [];
  await pause(secondLookMs);
  return bySeverity((await look()).filter((found) => first.has(words(found))));
}

const words = ({ id, file, evidence }: Finding): string => JSON.stringify([id, file, evidence]);
