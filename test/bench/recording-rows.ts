/** What recording costs: the same work with and without. */
import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { agentCall, type BenchNode } from './agent-calls.ts';
import type { Contender, Pace } from './measure.ts';
import { files, loadCall } from './parts.ts';
import { type NodeCall, oneProcess } from './processes.ts';
import { activeTree, callOptions, refreshTree, settleDisk, transferTree } from './trees.ts';
import type { Contenders, Work } from './work.ts';

/** Most that recording may cost, by the same work without. */
const bar = 1.5;

/** Recordings of a project's calls lie outside of its state. */
const folderOf = (stateDir: string): string => `${join(stateDir, '../..', 'recordings')}/`;

const recorded = (options: ReconcileOptions): ReconcileOptions => ({ ...options, record: folderOf(options.stateDir) });

/** A look of 0.1 ms against a file that is written: what it costs to see, reported only. */
const noOpCall: Work = {
  name: 'no-op, current run active, recorded',
  pace: { rounds: 30, block: 10, warmup: 250 },
  bars: {},
  contenders: async (): Promise<Contenders> => {
    const call = await loadCall(files.ours);
    const [ours, theirs] = [recorded(callOptions(activeTree())), callOptions(activeTree())];
    return { ours: { run: () => call(ours) }, 'not recorded': { run: () => call(theirs) } };
  },
};

/** Runs in which each call gets a tree of its own, since what it writes is written once. */
const onTrees = (
  pace: Pace,
  makeTree: () => string,
  run: (stateDir: string, isRecorded: boolean) => unknown,
): Contenders => {
  const trees = Array.from({ length: 2 * (pace.rounds * pace.block + pace.warmup) }, makeTree);
  settleDisk();
  const contender = (isRecorded: boolean): Contender => {
    let tree = '';
    return {
      before: () => {
        tree = trees.pop() ?? makeTree();
      },
      run: () => run(tree, isRecorded),
    };
  };
  return { ours: contender(true), 'not recorded': contender(false) };
};

/** A call that takes the lock, since it has something to write. */
const lockedCall = (what: string, makeTree: () => string): Work => ({
  name: `a call that takes the lock (${what}), recorded`,
  pace: { rounds: 60, block: 1, warmup: 20 },
  bars: { 'not recorded': bar },
  contenders: async (pace) => {
    const call = await loadCall(files.ours);
    return onTrees(pace, makeTree, (stateDir, isRecorded) =>
      call(isRecorded ? recorded(callOptions(stateDir)) : callOptions(stateDir)),
    );
  },
});

const aTransfer = (): string => transferTree(10);

/** The hook asks for the lock, and nothing is written under it: a no-op too, reported only. */
const lockedNoOp: Work = {
  name: 'a call that takes the lock and writes nothing, recorded',
  pace: { rounds: 100, block: 8, warmup: 150 },
  bars: {},
  contenders: async (): Promise<Contenders> => {
    const call = await loadCall(files.ours);
    const locked = { ...callOptions(activeTree()), hooks: { afterLockAcquired: () => undefined } };
    const watched = recorded({ ...callOptions(activeTree()), hooks: locked.hooks });
    return { ours: { run: () => call(watched) }, 'not recorded': { run: () => call(locked) } };
  },
};

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
  contenders: (pace) =>
    onTrees(pace, aTransfer, (stateDir, isRecorded) =>
      oneProcess(isRecorded ? recordedAgent(program, stateDir) : agentCall(program, 'hook', stateDir)),
    ),
});

/**
 * The rows of the table that are recorded.
 *
 * @param node - what the processes run on
 */
export const recordingWorks = (node: BenchNode): readonly Work[] => [
  lockedCall('transfer among 10', aTransfer),
  lockedCall('owner refresh', refreshTree),
  lockedNoOp,
  noOpCall,
  noOpProcess(node),
  transferProcess(node),
];
