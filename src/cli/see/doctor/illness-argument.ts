import { InvalidArgumentError } from 'commander';
import { type IllnessId, illnesses } from './illnesses.ts';

/** The ids of all illnesses. */
export const illnessIds = Object.keys(illnesses) as readonly IllnessId[];

/**
 * Reads an illness's id on the command line, in any case.
 *
 * @param value - as it was typed
 * @throws InvalidArgumentError that names the ids, where it is none
 */
export function illnessArgument(value: string): IllnessId {
  const id = illnessIds.find((one) => one === value.toUpperCase());
  if (id === undefined) throw new InvalidArgumentError(`Allowed choices are ${illnessIds.join(', ')}.`);
  return id;
}
