import { callOf, leftToOthers } from './left-to-others.ts';
import type { Scenario } from './scenarios.ts';
import { nextCall, playScenario, type Reference, resetTo, stateDirIn } from './start-state.ts';
import { describeCall, type Order } from './switch/order.ts';
import type { SwitchPool, Task } from './switch/pool.ts';
import type { Outcome, SwitchServer } from './switch/server.ts';
import { readTree, type Tree } from './tree.ts';
import { afterNextCall, litter } from './verdict.ts';
import { type Expected, whereUnsynced } from './where-unsynced.ts';

/** Judges one disturbed call, before the ordinary one follows. */
export type Judge = (outcome: Outcome, tree: Tree, reference: Reference, scenario: Scenario, order: Order) => string[];

/** Counts and findings of one matrix. */
export interface MatrixReport {
  scenarios: number;
  /** Calls that change the file system, over all scenarios. */
  points: number;
  /** Disturbed calls made. */
  runs: number;
  /** Those that left something to calls of other sessions. */
  leftToOthers: number;
  /** One text for each point at which a promise was broken. */
  violations: string[];
}

/**
 * Disturbs every scenario once for each order, lets an ordinary call follow, and judges both.
 *
 * @param pool - makes the calls
 * @param scenarios - start states
 * @param ordersFor - the orders for a scenario, given how it runs undisturbed
 * @param judge - judges the disturbed call
 */
export async function runMatrix(
  pool: SwitchPool,
  scenarios: readonly Scenario[],
  ordersFor: (reference: Reference) => readonly Order[],
  judge: Judge,
): Promise<MatrixReport> {
  const references = await pool.all(
    scenarios.map((scenario): Task<Reference> => {
      return (server, folder) => playScenario(scenario, server, folder);
    }),
  );
  const played = scenarios.flatMap((scenario, index): Expected[] => {
    const reference = references[index];
    return reference === undefined ? [] : [{ scenario, reference }];
  });
  const report: MatrixReport = { scenarios: scenarios.length, points: 0, runs: 0, leftToOthers: 0, violations: [] };
  const tasks: Task<void>[] = [];
  for (const own of played) {
    const { scenario, reference } = own;
    report.points += reference.log.length;
    report.violations.push(
      ...afterNextCall(reference.afterNext, reference, scenario).map(
        (text) => `${scenario.name}, undisturbed: ${text}`,
      ),
    );
    for (const order of ordersFor(reference)) {
      tasks.push(async (server, folder) => {
        const expected = whereUnsynced(own, order, played);
        const attempt = () => disturb(server, stateDirIn(folder), { ...expected, order, judge });
        let { found, millis, others } = await attempt();
        // A busy machine can be slow once; a call that waits for a lock is slow each time.
        if (millis > promptMillis) ({ found, millis, others } = await attempt());
        if (others > 0) report.leftToOthers++;
        if (millis > promptMillis) found.push(`the next call took ${Math.round(millis)} ms`);
        report.runs++;
        if (found.length > 0) report.violations.push(`${title(scenario, reference, order)}: ${found.join('; ')}`);
      });
    }
  }
  await pool.all(tasks);
  return report;
}

/** Longest that an ordinary call may take after a crash, milliseconds. */
const promptMillis = 1_000;

interface Disturbance extends Expected {
  readonly order: Order;
  readonly judge: Judge;
}

async function disturb(
  server: SwitchServer,
  stateDir: string,
  { scenario, reference, order, judge }: Disturbance,
): Promise<{ found: string[]; millis: number; others: number }> {
  resetTo(stateDir, reference.start);
  const outcome = await server.run(stateDir, scenario.call, order);
  const found = judge(outcome, readTree(stateDir), reference, scenario, order);
  const { answer, log } = await server.run(stateDir, nextCall(scenario), { mode: 'count' });
  const millis = answer?.millis ?? Number.POSITIVE_INFINITY;
  const tree = readTree(stateDir);
  const left = leftToOthers(tree, outcome, scenario, order);
  // A call that changed nothing was answered by a look, which does not concern itself with other sessions.
  if (log.length > 0 || left.sessions.length === 0) {
    return { found: [...found, ...afterNextCall(tree, reference, scenario, answer)], millis, others: 0 };
  }
  found.push(...litter(tree, left.paths));
  for (const id of left.sessions) await server.run(stateDir, callOf(id));
  found.push(...afterNextCall(readTree(stateDir), reference, scenario, answer));
  return { found, millis, others: left.sessions.length };
}

/**
 * One line of counts for the reader of a test log.
 *
 * @param name - of the suite
 * @param report - what it counted
 */
export function summary(name: string, report: MatrixReport): string {
  const { scenarios, points, runs, leftToOthers, violations } = report;
  const left = leftToOthers === 0 ? '' : ` (${leftToOthers} left something to other sessions, whose next call did it)`;
  return `${name}: ${scenarios} scenarios, ${points} points, ${runs} disturbed calls${left}, ${violations.length} failures`;
}

function title(scenario: Scenario, reference: Reference, { mode, at, errno }: Order): string {
  const call = reference.log.find(({ number }) => number === at);
  return `${scenario.name}, ${mode}${errno === undefined ? '' : ` ${errno}`} at ${describeCall(call)}`;
}
