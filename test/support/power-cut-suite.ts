import fs from 'node:fs';
import { answerOf, type Reconcile } from './child/job.ts';
import { Disk } from './power-cut.ts';
import { cutStates, fingerprint, seededRandom } from './power-cut-states.ts';
import type { Scenario } from './scenarios.ts';
import { nextCall, playScenario, type Reference, resetTo, stateDirIn } from './start-state.ts';
import { type Call, describeCall } from './switch/order.ts';
import type { SwitchPool, Task } from './switch/pool.ts';
import { readTree, type Tree } from './tree.ts';
import { afterCrash, afterNextCall } from './verdict.ts';

/** Counts and findings of the power cuts. */
export interface PowerCutReport {
  scenarios: number;
  /** Points at which the power may go. */
  points: number;
  /** Ways to lose things, over all points. */
  possible: number;
  /** Points of which only a sample was taken. */
  sampled: number;
  /** Different states on which the next call was made. */
  states: number;
  violations: string[];
}

/**
 * Cuts the power after every call that changes the file system, restores what may be found then, and lets the next
 * call run on it, in this process.
 *
 * @param pool - records the calls of each scenario
 * @param scenarios - start states; what other programs did between is not recorded, so none may have an `edit`
 * @param reconcile - makes the next call
 * @param most - see {@link cutStates}
 * @param forget - calls that are left out of the record: what would be, had they not been made
 */
export async function powerCuts(
  pool: SwitchPool,
  scenarios: readonly Scenario[],
  reconcile: Reconcile,
  most: number,
  forget: (call: Call) => boolean = () => false,
): Promise<PowerCutReport> {
  const report: PowerCutReport = { scenarios: 0, points: 0, possible: 0, sampled: 0, states: 0, violations: [] };
  const random = seededRandom(20_260_101);
  await pool.all(
    scenarios.map(
      (scenario): Task<void> =>
        async (server, folder) => {
          if (scenario.edit !== undefined) throw new Error(`${scenario.name} has steps that nobody records`);
          const played = await playScenario(scenario, server, folder);
          const reference = { ...played, log: played.log.filter((call) => !forget(call)) };
          report.scenarios++;
          const seen = new Set<string>();
          for (const { tree, where } of cuts(reference, most, random, report)) {
            const name = fingerprint(tree);
            if (seen.has(name)) continue;
            seen.add(name);
            report.states++;
            const found = await afterCut(tree, scenario, reference, reconcile, stateDirIn(folder));
            if (found.length > 0)
              report.violations.push(`${scenario.name}, power cut after ${where}: ${found.join('; ')}`);
          }
        },
    ),
  );
  return report;
}

/** One line of counts for the reader of a test log. */
export function powerCutSummary(name: string, report: PowerCutReport): string {
  const { scenarios, points, possible, sampled, states, violations } = report;
  const taken = sampled === 0 ? 'all taken' : `${sampled} points sampled`;
  return `${name}: ${scenarios} scenarios, ${points} points, ${possible} possible losses (${taken}), ${states} different states, ${violations.length} failures`;
}

function* cuts(
  { laid, crashLog, log }: Reference,
  most: number,
  random: () => number,
  report: PowerCutReport,
): Generator<{ tree: Tree; where: string }> {
  const disk = new Disk(laid);
  for (const call of crashLog) disk.apply(call);
  for (const call of [undefined, ...log]) {
    if (call !== undefined) disk.apply(call);
    const { possible, trees } = cutStates(disk, most, random);
    report.points++;
    report.possible += possible;
    if (possible > trees.length) report.sampled++;
    const where = call === undefined ? 'what came before' : describeCall(call);
    for (const tree of trees) yield { tree, where };
  }
}

async function afterCut(
  tree: Tree,
  scenario: Scenario,
  reference: Reference,
  reconcile: Reconcile,
  stateDir: string,
): Promise<string[]> {
  resetTo(stateDir, afterReboot(tree));
  const found = afterCrash(tree, reference);
  // One that takes the lock: a look may leave what is in nobody's way.
  const answer = await answerOf(reconcile, { ...nextCall(scenario), takesLock: true, stateDir });
  return [...found, ...afterNextCall(readTree(stateDir), reference, scenario, answer)];
}

const bootId = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** After a cut the host has another boot id. */
function afterReboot(tree: Tree): Tree {
  const other = bootId.replace(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
  return new Map(
    [...tree].map(([path, entry]) => {
      if (entry.kind === 'folder' || !/(owner|lock)$/.test(path)) return [path, entry];
      return [
        path,
        { ...entry, bytes: Buffer.from(entry.bytes.toString('latin1').replaceAll(bootId, other), 'latin1') },
      ];
    }),
  );
}
