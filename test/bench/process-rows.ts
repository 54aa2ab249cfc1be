/** Whole processes on one Node: what an agent waits for after a turn, and what a host pays for taking the library. */
import { agentCall, type BenchNode, baselineCall, type Way } from './agent-calls.ts';
import { files } from './parts.ts';
import { manyProcesses, type NodeCall, oneProcess } from './processes.ts';
import { activeTree, agentSession, finishedTree, settleDisk, transferTree } from './trees.ts';
import type { Contenders, Work } from './work.ts';

const agentWork = ({ program, suffix, startBar }: BenchNode, way: Way, what: string, makeTree: () => string): Work => ({
  name: `${way}, ${what}, as a process${suffix}`,
  pace: { rounds: 36, block: 1, warmup: 1 },
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
  pace: { rounds: 36, block: 1, warmup: 1 },
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
