import { createHash } from 'node:crypto';
import type { AnyStateMachine } from 'xstate';

/**
 * Tells charts apart: what a recording and a picture are of. The chart is what is written down, its names and their
 * order; what stands behind the names may change.
 *
 * @param machine - any machine of XState 5
 * @returns 16 hexadecimal digits
 */
export function chartHash(machine: AnyStateMachine): string {
  return createHash('sha256').update(JSON.stringify(machine.config)).digest('hex').slice(0, 16);
}
