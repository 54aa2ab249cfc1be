import type { Alphabet } from './alphabet.ts';
import { candidateOutcomes } from './candidate-outcomes.ts';
import { hookOutcomes } from './hook-outcomes.ts';
import { lockOutcomes } from './lock-outcomes.ts';
import { runOutcomes } from './run-outcomes.ts';
import { transferOutcomes } from './transfer-outcomes.ts';

/** The complete alphabet: for every actor its possible outputs and error codes. The first of each stands for the rest. */
export const outcomes: Alphabet = {
  ...lockOutcomes,
  ...hookOutcomes,
  ...runOutcomes,
  ...candidateOutcomes,
  ...transferOutcomes,
};
