import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import { judgeCandidates, readCandidates } from '../rows/judge-candidates.ts';

/**
 * Finds the active runs of other sessions whose owner matches (src/rules/README.md#rule-6-candidates). None is a copy: a
 * write with an old epoch writes nothing, so what was handed over does not come back to life.
 *
 * @param call - the call
 */
export const scanCandidates =
  (call: PostgresCall): ActorBody<'scanCandidates'> =>
  async (input) => {
    const rows = await readCandidates(call, input, input.current.id);
    return { kind: 'scanned', ...judgeCandidates(call, rows, input), copies: [] };
  };

/**
 * Never called, since there are no copies; says what a scan would.
 *
 * @param call - the call
 */
export const retireCopies =
  (call: PostgresCall): ActorBody<'retireCopies'> =>
  async (input) => {
    const rows = await readCandidates(call, input, input.current.id);
    return { kind: 'retired', ...judgeCandidates(call, rows, input), recovered: [] };
  };
