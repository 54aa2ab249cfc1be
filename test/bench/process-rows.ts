/** Whole processes on one Node: what an agent waits for after a turn, and what a host pays for taking the library. */
import { dirname } from 'node:path';
import { files } from './parts.ts';
import { manyProcesses, type NodeCall, oneProcess } from './processes.ts';
import { activeTree, agentSession, finishedTree, settleDisk, transferTree } from './trees.ts';
import type { Contenders, Work } from './work.ts';

/** A Node that processes run on. */
export interface BenchNode {
  readonly program: string;
  /** What rows of it are called beside the machine's own; empty for that. */
  readonly suffix: string;
  /** The most that the program may take by what `node -e 0` takes. */
  readonly startBar: number;
}

type Way = 'notify' | 'hook';

/** What an agent tells the program in a project. */
const payloadOf = (way: Way, stateDir: string): string => {
  const [cwd, session_id] = [dirname(dirname(stateDir)), agentSession];
  return JSON.stringify(
    way === 'notify'
      ? { type: 'agent-turn-complete', session_id, 'thread-id': session_id, cwd }
      : { hook_event_name: 'Stop', session_id, turn_id: '7', stop_hook_active: false, cwd },
  );
};

const agentCall = (node: string, way: Way, stateDir: string): NodeCall => {
  const payload = payloadOf(way, stateDir);
  return way === 'notify'
    ? { node, args: [files.cli, 'notify', payload] }
    : { node, args: [files.cli, 'hook'], input: payload };
};

const baselineCall = (node: string, stateDir: string): NodeCall => ({
  node,
  args: [files.baselineNotify, payloadOf('notify', stateDir)],
});

const agentWork = ({ program, suffix, startBar }: BenchNode, way: Way, what: string, makeTree: () => string): Work => ({
  name: `${way}, ${what}, as a process${suffix}`,
  pace: { rounds: 45, block: 1, warmup: 2 },
  bars: { 'node -e 0': startBar, baseline: 0.9 },
  contenders: () => {
    const ours = agentCall(program, way, makeTree());
    const baseline = baselineCall(program, makeTree());
    return {
      ours: { run: () => oneProcess(ours) },
      'node -e 0': { run: () => oneProcess({ node: program, args: ['-e', '0'] }) },
      baseline: { run: () => oneProcess(baseline) },
    };
  },
});

const hostWork = ({ program, suffix }: BenchNode, what: string, bar: number, args: () => readonly string[]): Work => ({
  name: `${what}, as a process${suffix}`,
  pace: { rounds: 45, block: 1, warmup: 2 },
  bars: { 'an empty .mjs': bar },
  contenders: () => {
    const ours = args();
    return {
      ours: { run: () => oneProcess({ node: program, args: ours }) },
      'an empty .mjs': { run: () => oneProcess({ node: program, args: [files.empty] }) },
    };
  },
});

/**
 * A transfer as a process, reported and not barred: it comes once a resume.
 *
 * @param node - what it runs on
 */
export const transferWork = ({ program, suffix }: BenchNode): Work => ({
  name: `notify, transfer among 10, as a process${suffix}`,
  pace: { rounds: 30, block: 1, warmup: 1 },
  bars: {},
  contenders: (pace): Contenders => {
    const trees = Array.from({ length: 2 * (pace.rounds + pace.warmup) }, () => transferTree(10));
    settleDisk();
    const contender = (make: (stateDir: string) => NodeCall) => {
      let call: NodeCall;
      return {
        before: () => {
          call = make(trees.pop() ?? transferTree(10));
        },
        run: () => oneProcess(call),
      };
    };
    return {
      ours: contender((stateDir) => agentCall(program, 'notify', stateDir)),
      baseline: contender((stateDir) => baselineCall(program, stateDir)),
    };
  },
});

/**
 * The rows of the table that are single processes, with bars.
 *
 * @param node - what they run on
 */
export const processWorks = (node: BenchNode): readonly Work[] => [
  ...(['notify', 'hook'] as const).flatMap((way) => [
    agentWork(node, way, 'no-op', activeTree),
    agentWork(node, way, 'no match among 10', () => finishedTree(10)),
  ]),
  hostWork(node, 'import', 1.2, () => [files.import]),
  hostWork(node, 'import and a no-op', 1.35, () => [
    files.firstCall,
    activeTree(),
    agentSession,
    'current_forge_active',
  ]),
];

/**
 * Many processes at once.
 *
 * @param node - what they run on
 * @param count - how many
 */
export const crowdWork = ({ program }: BenchNode, count: number): Work => {
  let unserved = 0;
  return {
    name: `${count} notify processes at once, no-op`,
    pace: { rounds: 6, block: 1, warmup: 1 },
    bars: { baseline: 0.75 },
    contenders: () => {
      const ours = agentCall(program, 'notify', activeTree());
      const baseline = baselineCall(program, activeTree());
      return {
        ours: {
          run: async () => {
            unserved += await manyProcesses(count, ours);
          },
        },
        baseline: { run: () => manyProcesses(count, baseline) },
      };
    },
    figures: () => [{ what: `calls not served, ${count} processes at once`, unit: '', value: unserved, bar: 0 }],
  };
};
