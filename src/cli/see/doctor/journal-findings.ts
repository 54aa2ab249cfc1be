import { sep } from 'node:path';
import { isLive } from '../../../rules/forge-state.ts';
import { type JournalSides, journalName } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isRunOf } from '../../../rules/recovery.ts';
import { asText } from '../../../rules/text.ts';
import { readJsonAt } from '../../../store/file/files/json-file.ts';
import { whyUnsafe } from '../../../store/file/files/passed-over.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import { readStateFile } from '../../../store/file/files/state-file.ts';
import { journalsOf } from '../status-facts.ts';
import { type Finding, finding } from './finding.ts';
import { isOld } from './is-old.ts';
import { settling } from './machine-remedies.ts';
import { movingAside, settingAside } from './remedies.ts';

const { ownFolder, journalFolder } = protocol.files;

/**
 * What is wrong with the notes of unfinished hand-overs.
 *
 * @param paths - the state directory's
 * @param now - epoch milliseconds
 */
export async function journalFindings(paths: StatePaths, now: number): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const sides of journalsOf(paths)) {
    const file = [paths.journals, journalName(sides.source, sides.target)].join(sep);
    const one = isOld(file, now) ? await judge(paths, sides, file) : undefined;
    if (one !== undefined) found.push(one);
  }
  return found;
}

async function judge(paths: StatePaths, sides: JournalSides, file: string): Promise<Finding | undefined> {
  const { source, target } = sides;
  const read = readStateFile(file, protocol.limits.journalBytes);
  if (read.kind === 'absent') return undefined;
  const broken = (evidence: string): Finding => {
    const place = [ownFolder, journalFolder, journalName(source, target)];
    return finding('FR019', file, evidence, settingAside(paths, place, `${source}.${target}`, 'FR019'));
  };
  if (read.kind === 'unreadable') return broken(`it ${whyUnsafe(file) ?? 'cannot be read'}`);
  // The schema library is loaded only where there is something to judge.
  const { judgeJournal } = await import('../../../rules/journal-schema.ts');
  const verdict = judgeJournal(read.bytes.toString('utf8'), sides);
  if (verdict.kind === 'broken') return broken('it does not parse, or is no such note');
  if (verdict.kind === 'otherVersion') {
    const version = asText(verdict.version).slice(0, 40);
    return finding('FR020', file, `it has version ${version}, which this release does not know`, movingAside(file));
  }
  const [there, left] = [await readJsonAt(paths.run(target)), await readJsonAt(paths.run(source))];
  const { journal } = verdict;
  const canComeBack = left.kind === 'absent' || (left.kind === 'json' && isRunOf(journal, left.value));
  const isThere = there.kind === 'json' && isRunOf(journal, there.value) && isLive(there.value) && canComeBack;
  const remedy = settling(paths, journal, read.stat, isThere);
  return finding('FR002', file, `from ${source} to ${target}, for more than 10 s`, remedy);
}
