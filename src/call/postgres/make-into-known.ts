import type { MachineInput } from '../../../machines/contract.ts';
import { callSessions } from '../../store/file/files/call-sessions.ts';
import { statePaths } from '../../store/file/files/paths.ts';
import type { PostgresStore } from '../../store/postgres/index.ts';

/**
 * Makes the session known into which a person adopts a run: on this host one is known by its folder.
 *
 * @param store - the database
 * @param place - this host's folder, and the environment
 * @param input - of the call
 */
export async function makeIntoKnown(
  store: PostgresStore,
  { stateDir, env }: { readonly stateDir: string; readonly env: Readonly<Record<string, string | undefined>> },
  input: MachineInput,
): Promise<void> {
  const { command } = input;
  if (command?.kind !== 'adopt' || command.into === undefined) return;
  const { current } = await callSessions({ paths: statePaths(stateDir), env, trailOf: () => undefined }, input);
  if (current !== undefined) await store.addSession(current);
}
