import type { ActorBody } from '../../../../machines/contract.ts';
import { judgeCurrentRun } from '../../../rules/forge-state.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { readJson } from '../files/json-file.ts';
import { type Call, runHandle } from '../transfer/call.ts';

/**
 * Finds the current session and says what stands in it (rules 2 to 4). Failures to read are answers, not errors.
 *
 * @param call - the call
 */
export const readCurrent =
  (call: Call): ActorBody<'readCurrent'> =>
  async () => {
    call.checkAbort();
    const id = await findCurrentSession(call);
    if (id === undefined) return { kind: 'missing' };
    const current = runHandle(call, id);
    const read = await readJson(call.paths.run(id));
    if (read.kind !== 'json') return { kind: read.kind, current };
    call.memory.currentRun = read;
    return { kind: judgeCurrentRun(read.value), current };
  };
