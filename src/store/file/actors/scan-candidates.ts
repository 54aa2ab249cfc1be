import type { ActorBody } from '../../../../machines/contract.ts';
import { isLive } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isLeftBehind } from '../../../rules/trail.ts';
import { identityOfInput, runHandle } from '../files/call-facts.ts';
import { passedOver } from '../files/passed-over.ts';
import { lookAgain, scanRuns } from '../files/scan-runs.ts';
import type { Call } from '../transfer/call.ts';
import { concerns, listJournals } from '../transfer/journal-file.ts';
import { judgeCandidates } from '../transfer/judge-candidates.ts';
import { inSession } from '../transfer/place.ts';
import { readTrail } from '../transfer/trail-file.ts';

/**
 * Finds every active prior run whose owner matches (src/rules/README.md#rule-6-candidates); the phase is left to the
 * machine's guards. Failures to read or list are answers: such a session holds no candidate.
 *
 * @param call - the call
 */
export const scanCandidates =
  (call: Call): ActorBody<'scanCandidates'> =>
  async (input) => {
    call.checkAbort();
    const { candidates } = call.memory;
    candidates.clear();
    const { paths, checkAbort } = call;
    const options = {
      paths,
      checkAbort,
      identity: identityOfInput(input),
      currentId: input.current.id,
      planned: call.dry && ((id: string) => call.dry?.read(inSession(id))),
    };
    const scan = await scanRuns(options);
    if (scan.torn.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, protocol.limits.tornRetryMs));
      lookAgain(options, scan);
    }
    for (const [id, run] of scan.matches) candidates.set(id, run);
    const { unsafe, broken } = passedOver(paths, new Set([...scan.passedOver, ...scan.torn]));
    for (const warning of unsafe) call.warnings.add(warning);
    Object.assign(call.options.notes ?? {}, { candidates: candidates.size, broken });
    const live = [...candidates].filter(([, run]) => isLive(run.value as Record<string, unknown>));
    const journals = live.length === 0 ? [] : listJournals(call);
    const doubtful = live.filter(
      ([id]) => journals.some((sides) => concerns(sides, id)) || isLeftBehind(readTrail(call, id)),
    );
    return {
      kind: 'scanned',
      ...(await judgeCandidates(call, input)),
      copies: doubtful.map(([id]) => runHandle(call.paths, id)),
    };
  };
