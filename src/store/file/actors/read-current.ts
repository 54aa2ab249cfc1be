import type { ActorBody } from '../../../../machines/contract.ts';
import { runHandle } from '../files/call-facts.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { isHome } from '../files/home.ts';
import { readJsonAt } from '../files/json-file.ts';
import { judgeCurrent } from '../files/judge-current.ts';
import type { Call } from '../transfer/call.ts';
import { readRun } from '../transfer/run-file.ts';
import { readTrail } from '../transfer/trail-file.ts';

/**
 * Finds the current session and says what stands in it (src/rules/README.md#rule-2-current-session to
 * src/rules/README.md#rule-4-current-run-present). Failures to read are answers, not errors. A run that we ended here
 * and that comes home counts as absent, where that is asked for.
 *
 * @param call - the call
 */
export const readCurrent =
  (call: Call): ActorBody<'readCurrent'> =>
  async () => {
    call.checkAbort();
    const id = await findCurrentSession(call, readJsonAt);
    if (id === undefined) return { kind: 'missing' };
    const read = await readRun(call, id);
    call.memory.currentRun = read.kind === 'json' ? read : undefined;
    call.memory.home = undefined;
    const output = judgeCurrent(runHandle(call.paths, id), read);
    if (output.kind !== 'present' || read.kind !== 'json' || call.options.comeHome !== true) return output;
    const files = {
      trailOf: (session: string) => readTrail(call, session),
      runOf: (session: string) => readRun(call, session),
      endedNow: call.memory.endedCopy,
    };
    if (!(await isHome(id, read.file.bytes, files))) return output;
    call.memory.home = read.file;
    return { ...output, kind: 'absent' };
  };
