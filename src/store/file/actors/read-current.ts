import type { ActorBody } from '../../../../machines/contract.ts';
import { runHandle } from '../files/call-facts.ts';
import { callSessions } from '../files/call-sessions.ts';
import { isHome } from '../files/home.ts';
import { judgeCurrent } from '../files/judge-current.ts';
import type { Call } from '../transfer/call.ts';
import { readRun } from '../transfer/run-file.ts';
import { readTrail, sessionsPlace } from '../transfer/trail-file.ts';

/**
 * Finds the current session and says what stands in it (src/rules/README.md#rule-2-current-session to
 * src/rules/README.md#rule-4-current-run-present). Failures to read are answers, not errors. A run that we ended here
 * and that comes home counts as absent, where that is asked for.
 *
 * @param call - the call
 */
export const readCurrent =
  (call: Call): ActorBody<'readCurrent'> =>
  async (input) => {
    call.checkAbort();
    const { current: id } = await callSessions(sessionsPlace(call), input);
    if (id === undefined) return { kind: 'missing' };
    const read = await readRun(call, id);
    call.memory.currentRun = read.kind === 'json' ? read : undefined;
    call.memory.home = undefined;
    const output = judgeCurrent(runHandle(call.paths, id), read, input);
    // A person who names the run may bring it home at any time.
    const mayComeHome = call.options.comeHome === true || input.command !== undefined;
    if (output.kind !== 'present' || read.kind !== 'json' || !mayComeHome) return output;
    const files = {
      trailOf: (session: string) => readTrail(call, session),
      runOf: (session: string) => readRun(call, session),
      endedNow: call.memory.endedCopy,
    };
    if (!(await isHome(id, read.file.bytes, files))) return output;
    call.memory.home = read.file;
    return { ...output, kind: 'absent' };
  };
