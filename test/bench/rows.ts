import { dirname, join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { Reason } from '../../src/rules/protocol.ts';
import type { Contender, Pace } from './measure.ts';
import { type Call, files, loadCall } from './parts.ts';
import { isInstalled, manyProcesses, oneProcess, runToEnd } from './processes.ts';
import type { Footprint } from './report.ts';
import { activeTree, agentSession, callOptions, finishedTree, settleDisk, transferTree } from './trees.ts';

/** One piece of work, done by ours and by others in turn. */
export interface Work {
  readonly name: string;
  /** Made when its turn comes; `ours` is the product. */
  readonly contenders: (pace: Pace) => Readonly<Record<string, Contender>>;
  readonly pace: Pace;
  /** Largest ratio of ours to each of the others (design.md, "Speed"). */
  readonly bars: Readonly<Record<string, number>>;
  /** Figures that come up beside the times. */
  readonly figures?: () => readonly Footprint[];
}

const ours = loadCall(files.ours);
const baseline = loadCall(files.baseline);

/** A call that must end as it should, or what is measured is something else. */
const calling = (call: Call, options: ReconcileOptions, reason: Reason) => async (): Promise<void> => {
  const result = await call(options);
  if (result.reason !== reason) throw new Error(`ended as ${result.reason} instead of ${reason}`);
};

const both = (make: (call: Call) => Contender): Readonly<Record<string, Contender>> => ({
  ours: make(ours),
  baseline: make(baseline),
});

const noMatch = (count: number, pace: Pace, bars: Work['bars']): Work => ({
  name: `no match among ${count.toLocaleString('en')}`,
  pace,
  bars,
  contenders: () => {
    const options = callOptions(finishedTree(count));
    const calls = both((call) => ({ run: calling(call, options, 'no_matching_prior_forge') }));
    if (bars['rg -j1'] === undefined || !isInstalled('rg')) return calls;
    const args = ['--no-config', '-j1', '-l', '-F', agentSession, join(options.stateDir, 'sessions')];
    return { ...calls, 'rg -j1': { run: () => runToEnd('rg', args, {}, [1]) } };
  },
});

const noOp: Work = {
  name: 'no-op, current run active',
  pace: { rounds: 30, block: 20, warmup: 200 },
  bars: { baseline: 0.6 },
  contenders: () => {
    const options = callOptions(activeTree());
    return both((call) => ({ run: calling(call, options, 'current_forge_active') }));
  },
};

const transfer: Work = {
  name: 'transfer among 100',
  pace: { rounds: 30, block: 2, warmup: 4 },
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
  name: '64 calls in one process',
  pace: { rounds: 6, block: 1, warmup: 1 },
  bars: { baseline: 0.1 },
  contenders: () => {
    const options = callOptions(activeTree());
    const together = (call: Call) => async (): Promise<void> => {
      const served: number[] = [];
      const one = async (_: unknown, place: number): Promise<void> => {
        await calling(call, options, 'current_forge_active')();
        served.push(place);
      };
      await Promise.all(Array.from({ length: 64 }, one));
      if (call === ours && served.some((place, index) => place !== index)) throw new Error('served out of order');
    };
    return both((call) => ({ run: together(call) }));
  },
};

/** What an agent tells the program in a project whose current session holds an active run. */
const notifyCall = (): { readonly payload: string; readonly env: Readonly<Record<string, string>> } => {
  const cwd = dirname(dirname(activeTree()));
  const payload = { type: 'agent-turn-complete', session_id: agentSession, 'thread-id': agentSession, cwd };
  return { payload: JSON.stringify(payload), env: { RCS_SESSION_ID: 'rcs-now' } };
};

const processesAtOnce = (count: number, pace: Pace, bars: Work['bars']): Work => {
  let unserved = 0;
  return {
    name: `${count} notify processes at once`,
    pace,
    bars,
    contenders: () => {
      const { payload, env } = notifyCall();
      return {
        ours: {
          run: async () => {
            unserved += await manyProcesses(count, [files.cli, 'notify', payload], env);
          },
        },
        baseline: { run: () => manyProcesses(count, [files.baselineNotify, payload], env) },
      };
    },
    figures: () => [{ what: `calls not served, ${count} processes at once`, unit: '', value: unserved, bar: 0 }],
  };
};

const notify: Work = {
  name: 'notify as a whole process',
  pace: { rounds: 100, block: 1, warmup: 5 },
  bars: { 'node -e 0': 1.35 },
  contenders: () => {
    const { payload, env } = notifyCall();
    return {
      ours: { run: () => oneProcess([files.cli, 'notify', payload], env) },
      'node -e 0': { run: () => oneProcess(['-e', '0'], env) },
      baseline: { run: () => oneProcess([files.baselineNotify, payload], env) },
    };
  },
};

/** The table of the benches, row by row. */
export const works: readonly Work[] = [
  noOp,
  noMatch(100, { rounds: 20, block: 5, warmup: 20 }, {}),
  noMatch(1_000, { rounds: 15, block: 2, warmup: 4 }, { baseline: 0.17 }),
  noMatch(10_000, { rounds: 9, block: 1, warmup: 1 }, { baseline: 0.13, 'rg -j1': 1.5 }),
  transfer,
  manyCalls,
  processesAtOnce(16, { rounds: 8, block: 1, warmup: 1 }, {}),
  processesAtOnce(64, { rounds: 6, block: 1, warmup: 1 }, { baseline: 0.8 }),
  notify,
];
