import type { ReadCurrentOutput, RunHandle } from '../../../../machines/contract.ts';
import { judgeCurrentRun } from '../../../rules/forge-state.ts';
import type { JsonRead } from './json-file.ts';

/**
 * What stands in the current session, as the machine's guards see it.
 *
 * @param current - the session's run
 * @param read - what reading it gave
 */
export function judgeCurrent(current: RunHandle, read: JsonRead): ReadCurrentOutput {
  return { kind: read.kind === 'json' ? judgeCurrentRun(read.value) : read.kind, current };
}
