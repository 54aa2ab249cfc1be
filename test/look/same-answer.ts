/** The proof of the look (protocol.md, "Look"): what it answers is what the lock would have answered. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { makeRandom } from '../support/race/random.ts';
import { fillDirectory, putOddThing, randomCall, randomPolicies } from './random-directory.ts';
import { livePast } from './random-past.ts';

/** What a run of the proof saw. */
export interface LookReport {
  /** Answers of looks, by reason. */
  readonly looks: Record<string, number>;
  /** Answers under the lock, by reason or error code. */
  readonly locks: Record<string, number>;
  /** Directories in which calls had been made before. */
  withPast: number;
  kills: number;
  /** Looks that answered in such a directory. */
  looksWithPast: number;
  /** What was not the same; empty is the proof. */
  readonly faults: string[];
}

/**
 * Makes random state directories. In each, a call; where it touched nothing at all, a look has answered it, and the same
 * call is made again on the same directory under the lock, which `hooks.afterLockAcquired` promises. Both must end the
 * same, and leave the same bytes.
 *
 * @param count - how many directories
 * @param seed - of the choices
 */
export async function compareLooks(count: number, seed: number): Promise<LookReport> {
  const report: LookReport = { looks: {}, locks: {}, withPast: 0, kills: 0, looksWithPast: 0, faults: [] };
  for (let index = 0; index < count; index += 1) {
    const project = fs.mkdtempSync(join(os.tmpdir(), 'forge-look-'));
    try {
      await compareIn(project, seed + index, report);
    } finally {
      fs.rmSync(project, { recursive: true, force: true });
    }
  }
  console.log(`looks (FORGE_RESUME_SEED=${seed}): ${count} directories ${JSON.stringify(report)}`);
  return report;
}

async function compareIn(project: string, seed: number, report: LookReport): Promise<void> {
  const random = makeRandom(seed);
  const stateDir = join(project, '.rcs', 'state');
  const isMissing = random.chance(0.02);
  const hasPast = !isMissing && random.chance(0.3);
  if (!isMissing) {
    fs.mkdirSync(stateDir, { recursive: true });
    fillDirectory(random, stateDir);
  }
  if (hasPast) {
    report.withPast += 1;
    report.kills += await livePast(random, stateDir);
  }
  if (!isMissing && random.chance(0.25)) putOddThing(random, stateDir);
  const options = { ...randomCall(random, stateDir), ...randomPolicies(random) };
  const before = snapshot(project);
  const first = await outcomeOf(options);
  const hasLooked = sameLines(before, snapshot(project));
  const counts = hasLooked ? report.looks : report.locks;
  counts[first.word] = (counts[first.word] ?? 0) + 1;
  if (!hasLooked) return;
  if (hasPast) report.looksWithPast += 1;
  const locked = await outcomeOf({ ...options, hooks: { afterLockAcquired: () => undefined } });
  const fault = (what: string): void => void report.faults.push(`seed ${seed}: ${what}`);
  if (first.all !== locked.all) fault(`the look said ${first.all}, the lock ${locked.all}`);
  const hasLockFile = before.some((line) => line.startsWith('.rcs/state/.forge-resume/lock '));
  const [was, is] = [mustStay(before, hasLockFile), mustStay(snapshot(project), hasLockFile)];
  const differ = [...was.filter((line) => !is.includes(line)), ...is.filter((line) => !was.includes(line))];
  if (differ.length > 0) fault(`${first.word}, but the lock changed ${differ.join(' and ')}`);
}

async function outcomeOf(options: ReconcileOptions): Promise<{ readonly word: string; readonly all: string }> {
  try {
    const result = await reconcileForgeSessionResume(options);
    return { word: result.reason, all: JSON.stringify(result) };
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    return { word: code, all: `${code} ${message}` };
  }
}

/** Everything below a folder: kind, inode, times to the nanosecond, mode, and bytes. */
function snapshot(root: string): readonly string[] {
  const names = ['', ...fs.readdirSync(root, { recursive: true, encoding: 'utf8' })].sort();
  return names.map((name) => {
    const path = join(root, name);
    const { ino, mode, mtimeNs, ctimeNs } = fs.lstatSync(path, { bigint: true });
    const stat = fs.lstatSync(path);
    const content = stat.isFile()
      ? fs.readFileSync(path, 'latin1')
      : stat.isSymbolicLink()
        ? fs.readlinkSync(path)
        : '';
    return [name, stat.isDirectory() ? 'folder' : 'file', ino, mode, mtimeNs, ctimeNs, content].join(' ');
  });
}

/**
 * What must be the same after a call under the lock: all but our lock's file, and the times of folders. A look creates
 * nothing to try the lock with, so where that file is missing, what lies in our folders stays, which the lock clears up.
 */
function mustStay(lines: readonly string[], hasLockFile: boolean): readonly string[] {
  const ignored = hasLockFile ? /\.forge-resume(\/(lock|tmp))?$/ : /\.(lock\.forge-session|forge)-resume(\/|$)/;
  return lines
    .map((line) => line.split(' '))
    .filter(([name = '']) => !ignored.test(name))
    .map(([name, kind, ...rest]) => (kind === 'folder' ? `${name} ${kind}` : [name, kind, ...rest].join(' ')));
}

const sameLines = (a: readonly string[], b: readonly string[]): boolean => a.join('\n') === b.join('\n');
