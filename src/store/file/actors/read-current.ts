import type { ActorBody, ReadCurrentOutput, RunHandle } from '../../../../machines/contract.ts';
import { judgeCurrentRun } from '../../../rules/forge-state.ts';
import { runHandle } from '../files/call-facts.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { type JsonRead, readJson } from '../files/json-file.ts';
import type { Call } from '../transfer/call.ts';

/**
 * Finds the current session and says what stands in it (rules 2 to 4). Failures to read are answers, not errors.
 *
 * @param call - the call
 */
export const readCurrent =
  (call: Call): ActorBody<'readCurrent'> =>
  async () => {
    call.checkAbort();
    const id = await findCurrentSession(call, readJson);
    if (id === undefined) return { kind: 'missing' };
    const read = await readJson(call.paths.run(id));
    if (read.kind === 'json') call.memory.currentRun = read;
    return judgeCurrent(runHandle(call.paths, id), read);
  };

/**
 * What stands in the current session, as the machine's guards see it.
 *
 * @param current - the session's run
 * @param read - what reading it gave
 */
export function judgeCurrent(current: RunHandle, read: JsonRead): ReadCurrentOutput {
  return { kind: read.kind === 'json' ? judgeCurrentRun(read.value) : read.kind, current };
}
