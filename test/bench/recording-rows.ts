/** What recording costs: the same work with and without. */
import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { agentCall, type BenchNode } from './agent-calls.ts';
import type { Contender } from './measure.ts';
import { files, loadCall } from './parts.ts';
import { type NodeCall, oneProcess } from './processes.ts';
import { activeTree, callOptions, settleDisk, transferTree } from './trees.ts';
import type { Contenders, Work } from './work.ts';

/** Most that recording may cost, by the same work without. */
const bar = 1.5;

/** Recordings of a project's calls lie outside of its state. */
const folderOf = (stateDir: string): string => `${join(stateDir, '../..', 'recordings')}/`;

/** A call that must take the lock, and has nothing to write there. */
const locked = (stateDir: string): ReconcileOptions => ({
  ...callOptions(stateDir),
  hooks: { afterLockAcquired: () => undefined },
});

const recorded = (options: ReconcileOptions): ReconcileOptions => ({ ...options, record: folderOf(options.stateDir) });

const callWork = (name: string, bars: Work['bars'], optionsOf: (stateDir: string) => ReconcileOptions): Work => ({
  name: `${name}, recorded`,
  pace: { rounds: 30, block: 10, warmup: 250 },
  bars,
  contenders: async (): Promise<Contenders> => {
    const call = await loadCall(files.ours);
    const [ours, theirs] = [recorded(optionsOf(activeTree())), optionsOf(activeTree())];
    return { ours: { run: () => call(ours) }, 'not recorded': { run: () => call(theirs) } };
  },
});

const recordedAgent = (node: string, stateDir: string): NodeCall => {
  const { args, ...call } = agentCall(node, 'hook', stateDir);
  return { ...call, args: [...args, '--record', folderOf(stateDir)] };
};

const noOpProcess = ({ program }: BenchNode): Work => ({
  name: 'hook, no-op, recorded, as a process',
  pace: { rounds: 36, block: 1, warmup: 1 },
  bars: { 'not recorded': bar },
  contenders: () => {
    const [ours, theirs] = [recordedAgent(program, activeTree()), agentCall(program, 'hook', activeTree())];
    return { ours: { run: () => oneProcess(ours) }, 'not recorded': { run: () => oneProcess(theirs) } };
  },
});

const transferProcess = ({ program }: BenchNode): Work => ({
  name: 'hook, transfer among 10, recorded, as a process',
  pace: { rounds: 30, block: 1, warmup: 1 },
  bars: { 'not recorded': bar },
  contenders: (pace): Contenders => {
    const trees = Array.from({ length: 2 * (pace.rounds + pace.warmup) }, () => transferTree(10));
    settleDisk();
    const contender = (make: (stateDir: string) => NodeCall): Contender => {
      let call: NodeCall;
      return {
        before: () => {
          call = make(trees.pop() ?? transferTree(10));
        },
        run: () => oneProcess(call),
      };
    };
    return {
      ours: contender((stateDir) => recordedAgent(program, stateDir)),
      'not recorded': contender((stateDir) => agentCall(program, 'hook', stateDir)),
    };
  },
});

/**
 * The rows of the table that are recorded.
 *
 * @param node - what the processes run on
 */
export const recordingWorks = (node: BenchNode): readonly Work[] => [
  callWork('a call that takes the lock', { 'not recorded': bar }, locked),
  // A look against a run of the machine: what it costs to see, reported only.
  callWork('no-op, current run active', {}, callOptions),
  noOpProcess(node),
  transferProcess(node),
];
