/** The proof of `why`: a call that writes nothing comes to what the real one comes to, and leaves every byte. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../machines/guards.ts';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { type DryCall, runDry } from '../../src/call/run-dry.ts';
import { fillDirectory, putOddThing, randomCall, randomPolicies } from '../look/random-directory.ts';
import { livePast } from '../look/random-past.ts';
import { makeRandom } from '../support/race/random.ts';

/** What a comparison found. */
export interface DryReport {
  /** How often each answer was given. */
  readonly answers: Record<string, number>;
  /** What an earlier call had left and both settled. */
  readonly recovered: Record<string, number>;
  readonly faults: string[];
}

/** An empty report. */
export const newReport = (): DryReport => ({ answers: {}, recovered: {}, faults: [] });

/**
 * Makes random state directories, and compares in each what a call would come to with what it comes to.
 *
 * @param count - how many
 * @param seed - of the choices
 */
export async function compareDry(count: number, seed: number): Promise<DryReport> {
  const report = newReport();
  for (let index = 0; index < count; index += 1) {
    const project = fs.mkdtempSync(join(os.tmpdir(), 'forge-dry-'));
    try {
      await compareRandom(project, seed + index, report);
    } finally {
      fs.rmSync(project, { recursive: true, force: true });
    }
  }
  console.log(`dry calls (FORGE_RESUME_SEED=${seed}): ${count} directories ${JSON.stringify(report)}`);
  return report;
}

async function compareRandom(project: string, seed: number, report: DryReport): Promise<void> {
  const random = makeRandom(seed);
  const stateDir = join(project, '.rcs', 'state');
  if (!random.chance(0.02)) {
    fs.mkdirSync(stateDir, { recursive: true });
    fillDirectory(random, stateDir);
    if (random.chance(0.5)) await livePast(random, stateDir);
    if (random.chance(0.25)) putOddThing(random, stateDir);
  }
  const { payloadSessionId, payloadThreadId, env } = randomCall(random, stateDir);
  const companions = random.chance(0.5) ? 'carry' : undefined;
  const ids = { payloadSessionId, payloadThreadId, env };
  const call: DryCall = { stateDir, ...ids, comeHome: random.chance(0.4), companions, ...randomPolicies(random) };
  await compareCall(project, call, `seed ${seed}`, report);
}

/**
 * Compares one call.
 *
 * @param project - all that must stay as it is
 * @param call - what the caller says
 * @param name - for the report
 * @param report - gets what was found
 */
export async function compareCall(project: string, call: DryCall, name: string, report: DryReport): Promise<void> {
  const before = snapshot(project);
  const dry = await runDry(call);
  const planned = dry.result === undefined ? `error ${codeOf(dry.error)}` : textOf(dry.result);
  const differ = snapshot(project).filter((line, index) => line !== before[index]);
  if (differ.length > 0) report.faults.push(`${name}: the dry call touched ${differ.join(' and ')}`);
  let word: string;
  let real: string;
  try {
    const result = await reconcileForgeSessionResume(call as Parameters<typeof reconcileForgeSessionResume>[0]);
    word = result.reason;
    real = textOf(result);
    for (const { outcome } of result.recovered ?? []) report.recovered[outcome] = (report.recovered[outcome] ?? 0) + 1;
  } catch (error) {
    word = `error ${codeOf(error)}`;
    real = word;
  }
  report.answers[word] = (report.answers[word] ?? 0) + 1;
  if (planned !== real) report.faults.push(`${name}: dry ${planned}, real ${real}`);
}

/** A result, but for what grows with time. */
const textOf = (result: ReconcileResult): string =>
  JSON.stringify(result, (key, value: unknown) => (key === 'ageMs' ? undefined : value));

/** Everything below a folder: kind, inode, times to the nanosecond, mode, and bytes. */
export function snapshot(root: string): readonly string[] {
  const names = ['', ...fs.readdirSync(root, { recursive: true, encoding: 'utf8' })].sort();
  return names.map((name) => {
    const path = join(root, name);
    const { ino, mode, mtimeNs, ctimeNs } = fs.lstatSync(path, { bigint: true });
    const stat = fs.lstatSync(path);
    const content = stat.isFile() ? fs.readFileSync(path, 'latin1') : '';
    return [name, ino, mode, mtimeNs, ctimeNs, content].join(' ');
  });
}
