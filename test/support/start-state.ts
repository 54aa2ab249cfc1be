import fs from 'node:fs';
import path from 'node:path';
import type { Answer } from './child/job.ts';
import type { Crash, Scenario } from './scenarios.ts';
import type { Call, Order } from './switch/order.ts';
import type { SwitchServer } from './switch/server.ts';
import { readTree, type Tree, writeTree } from './tree.ts';

/** A scenario played without any harm: what every crash of it is compared with. */
export interface Reference {
  /** What the runtime had left, before any call. */
  readonly laid: Tree;
  /** Calls of the transfer that was killed first, if there was one. */
  readonly crashLog: readonly Call[];
  /** The state before the examined call. */
  readonly start: Tree;
  readonly afterCall: Tree;
  readonly answer: Answer | undefined;
  /** The state after an ordinary call has followed. */
  readonly afterNext: Tree;
  readonly log: readonly Call[];
}

/** The state directory of a job's folder. */
export const stateDirIn = (folder: string): string => path.join(folder, '.rcs', 'state');

/**
 * Plays a scenario to its end.
 *
 * @param scenario - the scenario
 * @param server - makes the calls, each in a process of its own
 * @param folder - an empty folder
 */
export async function playScenario(scenario: Scenario, server: SwitchServer, folder: string): Promise<Reference> {
  const stateDir = stateDirIn(folder);
  fs.mkdirSync(stateDir, { recursive: true });
  scenario.lay(stateDir);
  const laid = readTree(stateDir);
  const crashLog = scenario.crash === undefined ? [] : await crash(scenario, server, stateDir, laid);
  scenario.edit?.(stateDir);
  const start = readTree(stateDir);
  // Put down anew as for every disturbed call: a trail may tell by its inode whether a file was written since.
  resetTo(stateDir, start);
  const { log, answer } = await server.run(stateDir, scenario.call, { mode: 'count' });
  const afterCall = readTree(stateDir);
  await server.run(stateDir, nextCall(scenario));
  return { laid, crashLog, start, log, answer, afterCall, afterNext: readTree(stateDir) };
}

/** The ordinary call that follows a crash of the examined one. */
export const nextCall = (scenario: Scenario): Scenario['call'] => ({ ...scenario.call, hookThrows: false });

/** Replaces what stands in a folder by a tree. */
export function resetTo(stateDir: string, tree: Tree): void {
  fs.rmSync(stateDir, { recursive: true, force: true });
  writeTree(stateDir, tree);
}

async function crash(scenario: Scenario, server: SwitchServer, stateDir: string, laid: Tree): Promise<readonly Call[]> {
  const first = { ...nextCall(scenario), ...scenario.first };
  const { log } = await server.run(stateDir, first, { mode: 'count' });
  if (scenario.crash === undefined || scenario.crash === 'never') return log;
  resetTo(stateDir, laid);
  const killed = await server.run(stateDir, first, orderFor(scenario.crash, log));
  if (!killed.killed) throw new Error(`the transfer was not killed at ${scenario.crash}`);
  return killed.log;
}

function orderFor(where: Exclude<Crash, 'never'>, log: readonly Call[]): Order {
  const putting = (file: string) => (call: Call) =>
    !call.failed && call.other === file && /link|rename/.test(call.name);
  const target = log.find(putting('sessions/now/forge-state.json'));
  const source = log.find(putting('sessions/prior/forge-state.json'));
  const owner = log.find((call) => call.name === 'write' && call.path.endsWith('resume/owner'));
  const found = { locked: owner, prepared: target, targetWritten: target, sourceWritten: source }[where];
  if (found === undefined) throw new Error(`the log shows no call for ${where}`);
  return { mode: where === 'prepared' ? 'kill-before' : 'kill-after', at: found.number };
}
