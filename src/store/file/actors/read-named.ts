import type { ActorBody } from '../../../../machines/contract.ts';
import { phaseOf } from '../../../rules/forge-state.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { runHandle } from '../files/call-facts.ts';
import { callSessions } from '../files/call-sessions.ts';
import { type JsonRead, readJsonAt } from '../files/json-file.ts';
import { livenessOf, surroundingsOf } from '../files/owner-evidence.ts';
import { planId } from '../files/plan-id.ts';
import type { Call } from '../transfer/call.ts';
import { readRun } from '../transfer/run-file.ts';
import { sessionsPlace } from '../transfer/trail-file.ts';

/**
 * Says what run a command names, and whether its owner lives (src/store/file/README.md#what-a-person-asks-for); where the
 * person has seen a plan, whether what that rests on is still so.
 *
 * @param call - the call
 */
export const readNamed =
  (call: Call): ActorBody<'readNamed'> =>
  async (input) => {
    call.checkAbort();
    const { named } = await callSessions(sessionsPlace(call), input);
    call.memory.named = undefined;
    if (named === undefined || input.command === undefined) return { kind: 'absent' };
    const read = await readRun(call, named);
    const around = surroundingsOf(call.options, await readJsonAt(call.paths.sessionRecord));
    const liveness = read.kind === 'json' && isActiveRun(read.value) ? livenessOf(named, read, around) : undefined;
    const { kind: command, plan } = input.command;
    if (plan !== undefined) {
      const current = input.current?.id;
      const currentRun: JsonRead | undefined = current === undefined ? undefined : await readRun(call, current);
      if (planId({ command, named, namedRun: read, current, currentRun, liveness }) !== plan) return { kind: 'moved' };
    }
    if (read.kind !== 'json') return { kind: read.kind };
    if (!isActiveRun(read.value) || liveness === undefined) return { kind: 'inactive' };
    call.memory.named = read;
    return { kind: 'named', candidate: { run: runHandle(call.paths, named), phase: phaseOf(read.value) }, liveness };
  };
