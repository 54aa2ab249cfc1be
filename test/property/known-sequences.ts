import type { Caller, Step } from './step.ts';

const caller: Caller = { session: 0, fresh: true, identity: 2, both: false, pane: 0, home: false, clock: 0 };

/** Sequences that chance found once; they run before all others. */
export const knownSequences: readonly (readonly Step[])[] = [
  // A copy is ended and its progress merged forward by a call whose hook then refuses another run.
  [
    { do: 'call', during: 'nothing', ...caller },
    { do: 'finish', run: 2, phase: 'complete', active: false },
    { do: 'call', during: 'nothing', ...caller, both: true },
    { do: 'resurrect', copy: 0, ahead: 1 },
    { do: 'launch', session: 1, identity: 2 },
    { do: 'call', during: 'throw', ...caller },
  ],
];
