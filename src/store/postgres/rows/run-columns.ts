import { createHash } from 'node:crypto';
import { type ForgeState, isForgeState, iterationOf, phaseOf, startOf } from '../../../rules/forge-state.ts';
import { identityOf } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { trimmedText } from '../../../rules/text.ts';

const { fields } = protocol;

/** Names of the columns that are derived from a run's text, in the order of {@link runColumns}. */
export const runColumnNames =
  'text, state, active, phase, iteration, started_at, owner_codex_session, owner_codex_thread, owner_key';

/** What `jsonb` refuses though it is JSON, and what no `text` holds. */
const refusedByJsonb = /\\u0000|\\u[dD][89a-fA-F]/;
const storable = (text: string): string => text.replaceAll('\0', '\ufffd');

/**
 * The value of each column for a run.
 *
 * @param text - the run, byte for byte
 */
export function runColumns(text: string): readonly unknown[] {
  const value = parseRun(text);
  const state: ForgeState = isForgeState(value) ? value : {};
  return [
    text,
    value === undefined || refusedByJsonb.test(text) ? null : text,
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
