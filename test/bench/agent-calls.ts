/** How whole processes are called that an agent starts after a turn. */
import { dirname } from 'node:path';
import { files } from './parts.ts';
import type { NodeCall } from './processes.ts';
import { agentSession } from './trees.ts';

/** A Node that processes run on. */
export interface BenchNode {
  readonly program: string;
  /** What rows of it are called beside the machine's own; empty for that. */
  readonly suffix: string;
  /** The most that the program may take by what `node -e 0` takes. */
  readonly startBar: number;
}

/** The two ways in of an agent. */
export type Way = 'notify' | 'hook';

/** What an agent tells the program in a project. */
const payloadOf = (way: Way, stateDir: string): string => {
  const [cwd, session_id] = [dirname(dirname(stateDir)), agentSession];
  return JSON.stringify(
    way === 'notify'
      ? { type: 'agent-turn-complete', session_id, 'thread-id': session_id, cwd }
      : { hook_event_name: 'Stop', session_id, turn_id: '7', stop_hook_active: false, cwd },
  );
};

/**
 * The program as an agent runs it.
 *
 * @param node - what it runs on
 * @param way - how the agent comes in
 * @param stateDir - of the agent's project
 */
export const agentCall = (node: string, way: Way, stateDir: string): NodeCall => {
  const payload = payloadOf(way, stateDir);
  return way === 'notify'
    ? { node, args: [files.cli, 'notify', payload] }
    : { node, args: [files.cli, 'hook'], input: payload };
};

/**
 * What does the same with the baseline's call and nothing else.
 *
 * @param node - what it runs on
 * @param stateDir - of the agent's project
 */
export const baselineCall = (node: string, stateDir: string): NodeCall => ({
  node,
  args: [files.baselineNotify, payloadOf('notify', stateDir)],
});
