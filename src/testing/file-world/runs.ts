import { sampleIds, samplePane } from '../../graph/alphabet/samples.ts';
import { protocol } from '../../rules/protocol.ts';

const { fields } = protocol;

/** A run as the worlds put it; `undefined` leaves a field out. */
export type RunFields = Readonly<Record<string, unknown>>;

/** The identities that worlds give their runs. */
export const identities = { session: 's1', foreign: 's9' } as const;

/**
 * A live run of the conversation that calls, in the prior session.
 *
 * @param changes - fields that differ
 */
export function liveRun(changes: RunFields = {}): RunFields {
  return {
    [fields.active]: true,
    [fields.phase]: 'building',
    [fields.iteration]: 5,
    [fields.startedAt]: '2026-01-02T03:04:05.000Z',
    [fields.ownerRcsSession]: sampleIds.source,
    [fields.ownerCodexSession]: identities.session,
    note: 'a field of the runtime',
    ...changes,
  };
}

/**
 * A run that its own runtime has ended.
 *
 * @param changes - fields that differ
 */
export function endedRun(changes: RunFields = {}): RunFields {
  return liveRun({ [fields.active]: false, [fields.phase]: 'complete', ...changes });
}

/** A run of the current session that has nothing to do with the prior one. */
export const ownStart: RunFields = {
  [fields.startedAt]: '2026-02-03T04:05:06.000Z',
  [fields.ownerRcsSession]: sampleIds.current,
};

/** The current session's run, owned in every way already: nothing is left to refresh. */
export const settledRun: RunFields = liveRun({ ...ownStart, [fields.pane]: samplePane });

/** The current session's run with an owner that must be refreshed. */
export const staleRun: RunFields = liveRun({ ...ownStart, [fields.ownerRcsSession]: 'gone' });

/** Text that no JSON parser takes. */
export const garbage = '{"active": tru';
