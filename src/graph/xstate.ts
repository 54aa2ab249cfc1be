import type { AnyStateMachine } from 'xstate';
import { printLiteral } from './literal.ts';

/**
 * Writes a machine as a `createMachine` of XState 5 that stands by itself: states, transitions and invokes as they are,
 * actors, guards, actions and delays by name. Code (context, inputs, output) is left out, so that it can be pasted into
 * Stately's editor.
 *
 * @param machine - one whose parts are named, as `setup` has it
 * @returns the source of a module, with a final newline
 */
export function renderXstate(machine: AnyStateMachine): string {
  // An input goes even where it is plain data: beside others that are code it would look like all of it.
  const names = JSON.parse(JSON.stringify(machine.config, (key, value) => (key === 'input' ? undefined : value)));
  return [
    `import { createMachine } from 'xstate';\n\n`,
    `export const ${machine.id} = createMachine(${printLiteral(names)});\n`,
  ].join('');
}
