import { createHash } from 'node:crypto';
import { type ForgeState, isForgeState, iterationOf, phaseOf, startOf } from '../../../rules/forge-state.ts';
import { identityOf } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { trimmedText } from '../../../rules/text.ts';
import { schema } from '../database/migrations.ts';

const { fields } = protocol;

/** Names of the columns that are derived from a run's text. */
export const runColumnNames =
  'text, state, active, phase, iteration, started_at, owner_codex_session, owner_codex_thread, owner_key';

/**
 * What is written into them, as SQL, in their order.
 *
 * @param first - number of the parameter that is the first of {@link runColumns}
 */
export function runColumnValues(first: number): string {
  const [text, ...others] = Array.from({ length: 8 }, (_, index) => `$${first + index}`);
  return [text, `${schema}.as_jsonb(${text})`, ...others].join(', ');
}

/** No `text` holds a NUL. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd');

/**
 * The parameters of {@link runColumnValues} for a run.
 *
 * @param text - the run, byte for byte
 */
export function runColumns(text: string): readonly unknown[] {
  const value = parseRun(text);
  const state: ForgeState = isForgeState(value) ? value : {};
  return [
    text,
    state[fields.active] === true,
    storable(phaseOf(state)),
    iterationOf(state) ?? null,
    storable(startOf(state)),
    storable(trimmedText(state[fields.ownerCodexSession])),
    storable(trimmedText(state[fields.ownerCodexThread])),
    ownerKey(identityOf(state)),
  ];
}

/**
 * What a run's text says.
 *
 * @returns undefined where it is no JSON
 */
export function parseRun(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * An identity as the index holds it: ids are of any length, what an index holds is not.
 *
 * @param identity - as `identityOf` gives it
 */
export const ownerKey = (identity: string): string =>
  identity === '' ? '' : createHash('sha256').update(identity).digest('hex');
