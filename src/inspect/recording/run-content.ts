import { isForgeState } from '../../rules/forge-state.ts';
import { protocol } from '../../rules/protocol.ts';
import type { RunRecord } from './format.ts';
import { longestText, plainCopy } from './plain-copy.ts';

const knownFields = new Set<string>(Object.values(protocol.fields));
/** Largest run of which everything is recorded, UTF-16 units of its text. */
const longestRun = 1_048_576;

/** What a recording shows of a run. */
export type RunContent = Pick<RunRecord, 'state' | 'omitted'>;

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/**
 * What a recording shows of a run: the fields that the rules know, as far as they hold text, numbers or the like.
 *
 * @param text - the run's JSON; undefined where it cannot be read
 * @param full - show everything, unless it is over 1 MiB
 */
export function runContent(text: string | undefined, full: boolean): RunContent {
  const state = parse(text);
  if (state === undefined) return { state: null, omitted: 0 };
  const fields = Object.entries(state);
  if (full && (text?.length ?? 0) <= longestRun && canBeWritten(state)) return { state, omitted: 0 };
  const shown = fields.filter(([name, value]) => knownFields.has(name) && isPlain(value));
  return {
    state: plainCopy(Object.fromEntries(shown), longestText) as RunRecord['state'],
    omitted: fields.length - shown.length,
  };
}

/** What is nested too deep to be written again is parsed all the same. */
function canBeWritten(state: object): boolean {
  try {
    return JSON.stringify(state) !== '';
  } catch {
    return false;
  }
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isForgeState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
