/** `doctor --fix`, killed at every call that changes a file, and what a second one makes of it. */
import fs from 'node:fs';
import { join } from 'node:path';
import { holderOf } from '../../../src/rules/lock-token.ts';
import { violations } from '../invariants.ts';
import { kills } from '../kill-matrix.ts';
import type { MatrixReport } from '../matrix.ts';
import { stateDirIn } from '../start-state.ts';
import { describeCall, type Order } from '../switch/order.ts';
import type { SwitchPool, Task } from '../switch/pool.ts';
import type { Outcome, SwitchServer } from '../switch/server.ts';
import { type FixScenario, noPid } from './fix-scenarios.ts';

const fixJob = { payloadSessionId: '', payloadThreadId: '', env: {}, hookThrows: false } as const;

/**
 * Kills the fix of each scenario at every point, before and after each call that changes a file and half-way through each
 * write, and lets a second one follow.
 *
 * @param pool - a pool of `doctor`
 * @param scenarios - what is to be mended
 * @param every - take one of so many points, others in each scenario; all by default
 */
export async function killFixes(pool: SwitchPool, scenarios: readonly FixScenario[], every = 1): Promise<MatrixReport> {
  const report: MatrixReport = { scenarios: scenarios.length, points: 0, runs: 0, leftToOthers: 0, violations: [] };
  const plain = await pool.all(
    scenarios.map((scenario): Task<Outcome> => fixOnce(scenario, { mode: 'count' }, report)),
  );
  const tasks = plain.flatMap((outcome, index): Task<void>[] => {
    const scenario = scenarios[index] as FixScenario;
    report.points += outcome.log.length;
    const { found, mended, left } = outcome.answer?.result ?? {};
    if ([found, mended].some((ids) => String([ids].flat().sort()) !== String(scenario.ids)) || String(left) !== '') {
      report.violations.push(`${scenario.name}, undisturbed: ${JSON.stringify(outcome.answer)}`);
    }
    const orders = kills(outcome).filter((_order, at) => at % every === index % every);
    return orders.map((order) => async (server, folder) => {
      const killed = await fixOnce(scenario, order, report)(server, folder);
      report.runs++;
      if (!killed.killed) report.violations.push(`${scenario.name}: was not killed`);
    });
  });
  await pool.all(tasks);
  return report;
}

function fixOnce(scenario: FixScenario, order: Order, report: MatrixReport): Task<Outcome> {
  return async (server, folder) => {
    const stateDir = stateDirIn(folder);
    fs.mkdirSync(stateDir, { recursive: true });
    scenario.lay(stateDir);
    const laid = new Map(scenario.precious.map((name) => [name, contentOf(join(stateDir, name))]));
    const put = new Map(
      [...laid].flatMap(([name, bytes]) => (bytes === undefined ? [] : [[join(stateDir, name), bytes]])),
    );
    const outcome = await server.run(stateDir, fixJob, order);
    const found = [...lost(stateDir, laid, 'right after it'), ...(await secondFix(server, stateDir))];
    found.push(...lost(stateDir, laid, 'after the second'), ...violations(stateDir, { put }));
    const at = describeCall(outcome.log.find(({ number }) => number === order.at));
    if (found.length > 0)
      report.violations.push(`${scenario.name}, ${order.mode} at ${order.at} (${at}): ${found.join('; ')}`);
    return outcome;
  };
}

async function secondFix(server: SwitchServer, stateDir: string): Promise<string[]> {
  bury(stateDir);
  const { answer } = await server.run(stateDir, fixJob);
  if (answer?.result === undefined) return [`the second failed: ${answer?.error?.message ?? 'no answer'}`];
  const { left, unmended } = answer.result;
  // Nobody can tell whose a lock without a whole token is before it is old; but each call takes it away.
  if (!isWhole(stateDir)) await server.run(stateDir, { ...fixJob, takesLock: true });
  return String(left) + String(unmended) === '' ? [] : [`the second left ${left}: ${unmended}`];
}

const tokenIn = (stateDir: string): string => join(stateDir, '.lock.forge-session-resume', 'owner');

const isWhole = (stateDir: string): boolean =>
  fs.existsSync(tokenIn(stateDir)) && holderOf(fs.readFileSync(tokenIn(stateDir), 'utf8')) !== undefined;

/** What is killed is the child of a server that lives, under whose name it took the lock. */
function bury(stateDir: string): void {
  if (!isWhole(stateDir)) return;
  fs.writeFileSync(tokenIn(stateDir), fs.readFileSync(tokenIn(stateDir), 'utf8').replace(/^\d+/, String(noPid)));
}

/** Bytes of a file, or where a link leads. */
function contentOf(path: string): Buffer | undefined {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return fs.readlinkSync(path, { encoding: 'buffer' });
  return stat?.isFile() ? fs.readFileSync(path) : undefined;
}

/** What was laid out and is neither where it was nor in quarantine (promise 2). */
function lost(stateDir: string, laid: ReadonlyMap<string, Buffer | undefined>, when: string): string[] {
  const quarantine = join(stateDir, '.forge-resume', 'quarantine');
  const kept = fs.existsSync(quarantine)
    ? fs.readdirSync(quarantine).map((name) => contentOf(join(quarantine, name)))
    : [];
  return [...laid].flatMap(([name, bytes]) => {
    if (bytes === undefined) return [`${name} was not laid out`];
    const isThere = contentOf(join(stateDir, name))?.equals(bytes) || kept.some((one) => one?.equals(bytes));
    return isThere ? [] : [`the bytes of ${name} are lost ${when}`];
  });
}
