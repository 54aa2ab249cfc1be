import type { StatePaths } from '../../../store/file/files/paths.ts';
import type { Finding } from './finding.ts';
import { notingBack } from './machine-remedies.ts';

/**
 * A finding about a state directory whose runs are in a database: what is different there.
 *
 * @param paths - the state directory's
 * @param found - as it is where runs are in files
 */
export function asOnStore(paths: StatePaths, found: Finding): Finding {
  const { mend } = found;
  // No call on a database reads such a note, so that nothing would ever settle it.
  if (mend?.kind === 'settle') {
    const { place, sight, name, file } = mend;
    const evidence = `${found.evidence}; the runs are in a database since, so that no call settles it`;
    return { ...found, evidence, undo: notingBack(paths, name, file), mend: { kind: 'setAside', place, sight, name } };
  }
  // Where its bytes are kept, what ends a run in a database says only then.
  const isEnding = found.fixes.some(([, command]) => command === 'end');
  return isEnding ? { ...found, undo: null } : found;
}
