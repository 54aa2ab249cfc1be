/** Calls within one process, ours and the baseline's. */
import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { Reason } from '../../src/rules/protocol.ts';
import { besideLargeTree, handedOverTree } from './handed-over-trees.ts';
import type { Contender, Pace } from './measure.ts';
import { type Call, files, loadCall } from './parts.ts';
import { isInstalled, runToEnd } from './processes.ts';
import { activeTree, agentSession, callOptions, finishedTree, settleDisk, transferTree } from './trees.ts';
import type { Bars, Contenders, Work } from './work.ts';

/** A call that must end as it should, or what is measured is something else. */
const calling = (call: Call, options: ReconcileOptions, reason: Reason) => async (): Promise<void> => {
  const result = await call(options);
  if (result.reason !== reason) throw new Error(`ended as ${result.reason} instead of ${reason}`);
};

// A directory each: the baseline's lock folder would make every look of ours doubtful.
const both = async (make: (call: Call) => Contender): Promise<Contenders> => ({
  ours: make(await loadCall(files.ours)),
  baseline: make(await loadCall(files.baseline)),
});

const noOpIn = (call: Call, stateDir: string): Contender => ({
  run: calling(call, callOptions(stateDir), 'current_forge_active'),
});

const noOpPace: Pace = { rounds: 30, block: 20, warmup: 200 };

const noOp: Work = {
  name: 'no-op, current run active',
  pace: noOpPace,
  bars: { baseline: 0.15 },
  contenders: () => both((call) => noOpIn(call, activeTree())),
};

/**
 * The same where something has happened (promise 7 of protocol.md). One session that is remembered costs a look at its
 * trail, each further one, 32 at most, a look at its file: so what may not matter is how many more there were, and how
 * large a file is, within 10 %. Beside a whole process none of it shows: that row is with the processes.
 */
const noOpLater = (name: string, makeTree: Tree, than: string, makeOther: Tree): Work => ({
  name: `no-op ${name}`,
  pace: noOpPace,
  // The bar of a no-op, within 10 %: what a run left behind is looked at, 32 sessions at most.
  bars: { [`no-op ${than}`]: 1.1, baseline: 1.1 * 0.15 },
  contenders: async () => {
    const call = await loadCall(files.ours);
    return {
      ours: noOpIn(call, await makeTree(call)),
      [`no-op ${than}`]: noOpIn(call, await makeOther(call)),
      baseline: noOpIn(await loadCall(files.baseline), activeTree()),
    };
  },
});

type Tree = (call: Call) => Promise<string>;

const after =
  (count: number): Tree =>
  (call) =>
    handedOverTree(count, call);

const noMatch = (count: number, pace: Pace, bars: Bars, firstBuild: number): Work => ({
  name: `no match among ${count.toLocaleString('en')}`,
  pace,
  bars,
  // No more than a quarter worse than the first build was there.
  barsOnSlowThreads: { baseline: 1.25 * firstBuild },
  contenders: async () => {
    const stateDirs: string[] = [];
    const calls = await both((call) => {
      const stateDir = finishedTree(count);
      stateDirs.push(stateDir);
      return { run: calling(call, callOptions(stateDir), 'no_matching_prior_forge') };
    });
    if (bars['rg -j1'] === undefined || !isInstalled('rg')) return calls;
    const args = ['--no-config', '-j1', '-l', '-F', agentSession, join(stateDirs[0] ?? '', 'sessions')];
    return { ...calls, 'rg -j1': { run: () => runToEnd('rg', args, {}, [1]) } };
  },
});

const transfer: Work = {
  name: 'transfer among 100',
  pace: { rounds: 30, block: 2, warmup: 4 },
  // No tighter where threads are slow: trails and history, which the first build did not write, are a quarter of it.
  bars: { baseline: 0.6 },
  contenders: (pace) => {
    const trees = Array.from({ length: 2 * (pace.rounds * pace.block + pace.warmup) }, () => transferTree(100));
    settleDisk();
    return both((call) => {
      let options: ReconcileOptions;
      return {
        before: () => {
          options = callOptions(trees.pop() ?? transferTree(100));
        },
        run: () => calling(call, options, 'resumed_same_codex_session')(),
      };
    });
  },
};

const manyCalls: Work = {
  name: '64 no-op calls in one process',
  pace: { rounds: 6, block: 1, warmup: 1 },
  bars: { baseline: 0.02 },
  contenders: () =>
    both((call) => {
      const noOpCall = noOpIn(call, activeTree());
      return { run: () => Promise.all(Array.from({ length: 64 }, () => noOpCall.run())) };
    }),
};

/** The rows of the table that are calls. */
export const callWorks: readonly Work[] = [
  noOp,
  noOpLater('after 300 hand-overs', after(300), 'after 100', after(100)),
  noOpLater('beside a 4 MB run', besideLargeTree, 'after 1 hand-over', after(1)),
  noMatch(100, { rounds: 20, block: 5, warmup: 20 }, { baseline: 0.15 }, 0.05),
  noMatch(1_000, { rounds: 15, block: 1, warmup: 1 }, { baseline: 0.13 }, 0.03),
  noMatch(10_000, { rounds: 9, block: 1, warmup: 0 }, { baseline: 0.13, 'rg -j1': 1.2 }, 0.03),
  transfer,
  manyCalls,
];
