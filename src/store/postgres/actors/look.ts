import type { ActorBody, LookAnswer, MachineInput } from '../../../../machines/contract.ts';
import { candidateGuards, currentGuards, decisions, firstHolding } from '../../../../machines/guards.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { identityOf, type PostgresCall, runHandle } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { candidateRows, candidatesOf, ownerKeys } from '../rows/candidates.ts';
import { judgeCurrent } from '../rows/judge-current.ts';
import { parseRun } from '../rows/run-columns.ts';
import { type RunRow, stateOf } from '../rows/run-row.ts';

/** One snapshot: session, its run, what is unsettled there, the candidates. */
const statement = `
SELECT
  EXISTS (SELECT FROM ${schema}.session WHERE project = p.id AND id = $2) AS known,
  (SELECT json_build_object('session', session, 'text', text, 'epoch', epoch::text, 'version', version::text,
     'endedBy', ended_by) FROM ${schema}.run WHERE project = p.id AND session = $2) AS run,
  EXISTS (SELECT FROM ${schema}.transfer
    WHERE project = p.id AND settled_at IS NULL AND (source = $2 OR target = $2)) AS unsettled,
  (SELECT coalesce(json_agg(json_build_object('session', c.session, 'text', c.text) ORDER BY c.session), '[]')
     ${candidateRows.replace('$1', 'p.id')}) AS candidates
FROM ${schema}.project AS p WHERE p.name = $1`;

interface Seen {
  readonly known: boolean;
  readonly run: Omit<RunRow, 'value' | 'writtenMs' | 'turnMs'> | null;
  readonly unsettled: boolean;
  readonly candidates: readonly { readonly session: string; readonly text: string }[];
}

/**
 * Looks before the lock, by one statement that writes nothing and waits for nobody (src/rules/README.md#rule-0-look).
 *
 * @param call - the call
 */
export const look =
  (call: PostgresCall): ActorBody<'look'> =>
  async (input) => {
    if (input.command !== undefined) return { kind: 'doubtful', pane: null };
    const { session } = call.options;
    const rows = await call.lease.outside(statement, [call.project, session, ownerKeys(input)]);
    const [seen] = rows as Seen[];
    const answer = answerOf(call, input, seen);
    // Where the run is not active the pane is wanted only if the call gets as far as a transfer.
    const pane = isActiveRun(seen?.run && parseRun(seen.run.text)) ? (call.options.pane ?? null) : null;
    if (answer === undefined) return { kind: 'doubtful', pane };
    return seen?.unsettled === true ? { kind: 'unquiet', answer, pane } : { kind: 'answered', answer };
  };

/** What the chart's guards decide, in their order; undefined where something is to be written. */
function answerOf(call: PostgresCall, input: MachineInput, seen: Seen | undefined): LookAnswer | undefined {
  const { session, comeHome = false } = call.options;
  if (seen?.known !== true || !isSessionId(session)) return { reason: decisions.currentSessionMissing, current: null };
  const current = runHandle(call, session);
  const row =
    seen.run === null ? undefined : { ...seen.run, value: parseRun(seen.run.text), writtenMs: 0, turnMs: null };
  const holding = firstHolding(currentGuards, judgeCurrent(current, row, input, comeHome), input);
  if (holding === 'currentRunActive') {
    return isUpToDate(call, row, input) ? { reason: decisions.currentRunActive, current } : undefined;
  }
  if (holding !== undefined) return holding === 'runNamed' ? undefined : { reason: decisions[holding], current };
  const rows = seen.candidates.map(({ session: id, text }) => ({ session: id, value: parseRun(text) }));
  const found = firstHolding(candidateGuards, { candidates: candidatesOf(call, rows, input) }, input);
  return found === 'noResumableCandidate' ? { reason: decisions[found], current } : undefined;
}

function isUpToDate({ options }: PostgresCall, row: RunRow | undefined, input: MachineInput): boolean {
  const state = stateOf(row);
  if (state === undefined || options.pane === undefined) return false;
  const identity = identityOf(input);
  return refreshOwner(state, { currentId: options.session, identity, pane: options.pane, now: '' }) === state;
}
