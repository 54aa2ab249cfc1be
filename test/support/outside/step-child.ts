/**
 * A process below `step`: makes the same call again and again, each time with one entry exchanged for a link at another
 * moment, and prints what it saw as JSON.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { makeCanaryTree, secret } from './canary-tree.ts';
import { aimOf, conversation, HostileProject } from './hostile-project.ts';
import type { StepOrder, StepReport } from './step.ts';
import type { PublicCall } from './subject.ts';

const order = JSON.parse(process.argv[2] ?? '') as StepOrder;
const { reconcileForgeSessionResume: call } = (await import(order.module)) as {
  reconcileForgeSessionResume: PublicCall;
};
delete process.env['TMUX_PANE'];
const tree = makeCanaryTree(join(order.scratch, 'outside'), process.getuid?.() ?? 0);
const patienceMs = 150;
const report = { calls: 0, exchanges: 0, moments: 0, faults: [] as string[] };
const disarm = (): readonly number[] => {
  fs.unlinkSync('/step/off');
  return (process.env['STEP_COUNT'] ?? '0 0').split(' ').map(Number);
};

async function oneCall(project: HostileProject, current: string): Promise<string> {
  const { stateDir } = project;
  const options = { stateDir, payloadSessionId: conversation, comeHome: true, companions: 'carry' } as const;
  try {
    // What takes time is seen elsewhere: a call that waits for a lock that is exchanged for good is ended.
    const signal = AbortSignal.timeout(patienceMs);
    return JSON.stringify(await call({ ...options, env: { RCS_SESSION_ID: current }, signal }));
  } catch (error) {
    const { name, message } = error as Error;
    return name === 'ForgeResumeError' || name === 'TimeoutError'
      ? `${name} ${message}`
      : `untyped ${name}: ${message}`;
  }
}

/** A project in which the last of these sessions is about to call. */
async function prepared(number: number): Promise<HostileProject> {
  const project = new HostileProject(join(order.scratch, `project-${number}`), process.getuid?.() ?? 0);
  for (const id of order.visited) await oneCall(project, id);
  if (order.left === 'stale lock') project.leaveStaleLock();
  if (order.left === 'copy') project.bringBack('s0');
  return project;
}

async function attacked(entry: string, how: string, moment: number): Promise<number> {
  const project = await prepared(report.calls);
  const where = `${entry} exchanged ${how} call ${moment} of ${order.visited.join(' ')} ${order.left} ${order.current}`;
  process.env['STEP_THING'] = join(project.root, 'thing');
  process.env['STEP_TARGET'] = join(project.root, entry);
  fs.symlinkSync(aimOf(tree.decoy, entry, 'link'), process.env['STEP_THING']);
  const began = performance.now();
  fs.unlinkSync(`/step/${moment}/${how}`);
  const said = await oneCall(project, order.current);
  const [calls = 0, exchanges = 0] = disarm();
  const millis = performance.now() - began;
  report.calls += 1;
  report.exchanges += exchanges;
  report.faults.push(...tree.changes().map((change) => `${where}: outside: ${change}`));
  report.faults.push(...project.leaks().map((path) => `${where}: read into ${path}`));
  if (said.startsWith('untyped') || said.includes(secret)) report.faults.push(`${where}: ${said}`);
  if (millis > 1_000) report.faults.push(`${where}: took ${Math.round(millis)} ms`);
  project.remove();
  return calls;
}

/** Folders, and the files that are written beside others: a link in their place leads somewhere. */
const isFolder = (entry: string): boolean => !/\.jsonl?$|\/lock$|\/owner$/.test(entry);
const project = await prepared(0);
const entries = project.entries('s0', order.current).filter(isFolder);
// The first calls load and compile, which counts as moments too.
await oneCall(project, order.current);
project.remove();

report.moments = await attacked('.rcs/none', 'during', 0);
for (const entry of entries) {
  for (const how of ['during', 'between', 'from']) {
    for (let moment = 1 + order.first; moment <= report.moments; moment += order.stride) {
      if (report.faults.length < 20) await attacked(entry, how, moment);
    }
  }
}
process.stdout.write(JSON.stringify(report satisfies StepReport));
