import type { Candidate, RunHandle, TransferHandle } from '../../../machines/contract.ts';

/** Session ids of which the samples speak. */
export const sampleIds = { current: 'now', source: 'old', other: 'other', stale: 'idle' } as const;

/** The pane of which the samples speak. */
export const samplePane = '%3';

export const run = (id: string): RunHandle => ({ id, location: id });
export const current = run(sampleIds.current);
export const source = run(sampleIds.source);
export const transfer: TransferHandle = { id: 'transfer', source, target: current };
export const live = (id: string): Candidate => ({ run: run(id), phase: 'building' });
export const owned = (id: string): Candidate => ({ ...live(id), owner: { state: 'live', sign: 'process_alive' } });
export const ended = (id: string): Candidate => ({ run: run(id), phase: 'complete' });
