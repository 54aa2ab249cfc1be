import type { ActorBody, LookAnswer, MachineInput } from '../../../../machines/contract.ts';
import { candidateGuards, currentGuards, decisions, firstHolding } from '../../../../machines/guards.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { identityOf, type PostgresCall, runHandle } from '../call.ts';
import { schema } from '../database/migrations.ts';
import type { HostSight, RunHead } from '../projection/host.ts';
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
  (SELECT coalesce(json_agg(json_build_object('session', session, 'epoch', epoch::text, 'version', version::text,
     'active', active)), '[]') FROM ${schema}.run WHERE project = p.id AND session = ANY ($4)) AS heads,
  (SELECT coalesce(json_agg(json_build_object('session', c.session, 'text', c.text) ORDER BY c.session), '[]')
     ${candidateRows.replace('$1', 'p.id')}) AS candidates
FROM ${schema}.project AS p WHERE p.name = $1`;

interface Seen {
  readonly known: boolean;
  readonly run: Omit<RunRow, 'value' | 'writtenMs' | 'turnMs'> | null;
  readonly unsettled: boolean;
  readonly heads: readonly (RunHead & { readonly session: string })[];
  readonly candidates: readonly { readonly session: string; readonly text: string }[];
}

/**
 * Looks before the lock, by one statement that writes nothing and waits for nobody (src/rules/README.md#rule-0-look). On a
 * host with files, an answer stands only where those that it rests on say the same as their rows.
 *
 * @param call - the call
 */
export const look =
  (call: PostgresCall): ActorBody<'look'> =>
  async (input) => {
    if (input.command !== undefined) return { kind: 'doubtful', pane: null };
    const { host, options } = call;
    const { session } = options;
    const sight = isSessionId(session) ? host?.look(session) : undefined;
    const values = [call.project, session, ownerKeys(input), sight?.sessions ?? []];
    const [seen] = (await call.lease.outside(statement, values)) as Seen[];
    // Where the run is not active the pane is wanted only if the call gets as far as a transfer.
    const state = seen?.run && parseRun(seen.run.text);
    const pane = isActiveRun(state) ? await paneOf(options, state[protocol.fields.pane]) : null;
    const isFirst = host?.isThere() === true && isSessionId(session) && seen?.known !== true;
    const inTheWay = isSessionId(session) ? await host?.inTheWay(session) : undefined;
    const answer = isFirst ? undefined : answerOf(call, input, { seen, sight, inTheWay, pane });
    if (answer === undefined) return { kind: 'doubtful', pane };
    const isUnquiet = seen?.unsettled === true || sight?.isLittered === true;
    return isUnquiet ? { kind: 'unquiet', answer, pane } : { kind: 'answered', answer };
  };

const paneOf = async ({ pane }: PostgresCall['options'], named: unknown): Promise<string | null> =>
  (typeof pane === 'function' ? await pane(named) : pane) ?? null;

interface Sights {
  readonly seen: Seen | undefined;
  readonly sight: HostSight | undefined;
  readonly inTheWay: 'present' | 'unreadable' | undefined;
  readonly pane: string | null;
}

/** What the chart's guards decide, in their order; undefined where something is to be written, or in doubt. */
function answerOf(
  call: PostgresCall,
  input: MachineInput,
  { seen, sight, inTheWay, pane }: Sights,
): LookAnswer | undefined {
  const { session, comeHome = false } = call.options;
  if (seen?.known !== true || !isSessionId(session)) return { reason: decisions.currentSessionMissing, current: null };
  const current = runHandle(call, session);
  const heads = new Map(seen.heads.map((head) => [head.session, head]));
  if (sight?.isInSync(heads, session) === false) return undefined;
  const row =
    seen.run === null ? undefined : { ...seen.run, value: parseRun(seen.run.text), writtenMs: 0, turnMs: null };
  const judged = judgeCurrent(current, row, input, comeHome);
  const stands = inTheWay === undefined ? judged : { kind: inTheWay, current };
  const holding = firstHolding(currentGuards, stands, input);
  if (holding === 'currentRunActive') {
    return isUpToDate(call, row, input, pane) ? { reason: decisions.currentRunActive, current } : undefined;
  }
  if (holding !== undefined) return holding === 'runNamed' ? undefined : { reason: decisions[holding], current };
  if (sight?.isInSync(heads) === false) return undefined;
  const rows = seen.candidates.map(({ session: id, text }) => ({ session: id, value: parseRun(text) }));
  const found = firstHolding(candidateGuards, { candidates: candidatesOf(call, rows, input) }, input);
  return found === 'noResumableCandidate' ? { reason: decisions[found], current } : undefined;
}

function isUpToDate(
  { options }: PostgresCall,
  row: RunRow | undefined,
  input: MachineInput,
  pane: string | null,
): boolean {
  const state = stateOf(row);
  if (state === undefined || pane === null) return false;
  const identity = identityOf(input);
  return refreshOwner(state, { currentId: options.session, identity, pane, now: '' }) === state;
}
