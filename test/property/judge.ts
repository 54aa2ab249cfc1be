/** The promises, as they show on a state directory after each step. */
import { expect } from 'vitest';
import type { ReconcileResult } from '../../src/call/result.ts';
import { violations } from '../support/invariants.ts';
import { belongsTo, copiesOf, type Found, readRuns } from './disk.ts';
import type { Runtime } from './runtime.ts';
import type { During } from './step.ts';

/** A call that has ended, and what stood on disk before. */
export interface Ended {
  readonly before: readonly Found[];
  /** Starts of the runs of which some answers were open before. */
  readonly open: ReadonlySet<string>;
  readonly current: string;
  readonly session: string;
  readonly thread: string;
  /** Whether a run might come home to the current session. */
  readonly home: boolean;
  readonly during: During | 'killed';
  /** Undefined where the hook threw. */
  readonly result: ReconcileResult | undefined;
}

/**
 * What holds whenever nothing is running: promises 2, 3 and 6.
 *
 * @param world - after a step
 */
export function judgeRest(world: Runtime): void {
  const found = readRuns(world.sandbox);
  expect(violations(world.sandbox.stateDir, { liveRuns: 99 })).toEqual([]);
  for (const { session, run } of found) {
    expect(run['note'], `promise 2: ${session} kept the fields that we do not know`).toEqual({ of: run['started_at'] });
  }
  for (const { start, high, finished } of world.runs.values()) {
    // A copy of a finished run that was brought back is all that is live of it.
    if (finished) continue;
    const iterations = copiesOf(found, start).map(({ run }) => Number(run['iteration']));
    if (iterations.length === 0) continue;
    expect(Math.max(...iterations), `promise 2: the run of ${start} went back`).toBeGreaterThanOrEqual(high);
  }
}

/**
 * What a call must keep: promise 1, and every file that is none of its business.
 *
 * @param world - after the call
 * @param call - the call
 */
export function judgeCall(world: Runtime, call: Ended): void {
  const after = readRuns(world.sandbox);
  judgeOwners(world, call.before, after);
  untouched(call, after);
  if (call.during !== 'killed') judgeReason(world, call);
}

/**
 * What a command must keep: promise 1, but for the run that it was asked to end, and the files of all others.
 *
 * @param world - after the command
 * @param before - what stood on disk
 * @param named - the run that the person named
 * @param result - what came of it
 */
export function judgeCommand(world: Runtime, before: readonly Found[], named: Found, result: ReconcileResult): void {
  const after = readRuns(world.sandbox);
  const run = world.logical(named);
  if (result.reason === 'ended_by_user') {
    expect(after.find((one) => one.session === named.session)?.live, 'it was ended').toBe(false);
    run.finished = true;
  }
  judgeOwners(world, before, after);
  for (const { session, text, run: other } of before) {
    const { start, odd } = world.runs.get(String(other['started_at'])) ?? run;
    if (start === run.start || odd || result.recovered !== undefined) continue;
    if (session === result.currentRcsSessionId) continue;
    expect(after.find((one) => one.session === session)?.text, `${session} was not named`).toBe(text);
  }
  if (!result.resumed) return;
  const { currentRcsSessionId: to } = result;
  expect(
    after.filter((one) => one.live && one.run['started_at'] === run.start).map(({ session }) => session),
  ).toContain(to);
  expect(world.sandbox.run(to)).toMatchObject({ owner_rcs_session_id: to, started_at: run.start });
}

/** Promise 1, for every run. */
function judgeOwners(world: Runtime, before: readonly Found[], after: readonly Found[]): void {
  for (const run of world.runs.values()) {
    const was = copiesOf(before, run.start).length;
    const is = copiesOf(after, run.start).length;
    expect(is, `promise 1: live copies of the run of ${run.start}, before: ${was}`).toBeLessThanOrEqual(was);
    if (was > 0 && !run.finished) expect(is, `promise 1: the run of ${run.start} was lost`).toBeGreaterThan(0);
    const merged = Math.max(...copiesOf(before, run.start).map((copy) => Number(copy.run['iteration'])));
    if (was > 1 && is === 1 && !run.finished) run.high = Math.max(run.high, merged);
  }
}

/** Files of other runs than the caller's and the current session's stay as they are, byte for byte. */
function untouched(call: Ended, after: readonly Found[]): void {
  if (call.during === 'killed') return;
  const current = call.before.find((one) => one.session === call.current)?.run['started_at'];
  for (const { session, text, run } of call.before) {
    if (session === call.current || belongsTo(run, call.session, call.thread)) continue;
    if (run['started_at'] === current) continue;
    // Receipts may prove that it is a copy of what was handed over, whoever calls; a call that threw cannot say so.
    const mayRecover = call.result === undefined || call.result.recovered !== undefined;
    if (mayRecover && call.open.has(String(run['started_at']))) continue;
    expect(after.find((one) => one.session === session)?.text, `${session} is none of the call's business`).toBe(text);
  }
}

/** The answer, where nothing happened to the runs that leaves it open. */
function judgeReason(world: Runtime, { before, open, current, session, thread, home, during, result }: Ended): void {
  const here = before.find((one) => one.session === current);
  if (home && here && here.run['active'] !== true) return;
  const matching = before.filter((o) => o.session !== current && o.live && belongsTo(o.run, session, thread));
  const involved = here ? [here, ...matching] : matching;
  if (during === 'completeSource' || involved.some((one) => open.has(String(one.run['started_at'])))) return;
  const [only, ...others] = matching;
  let expected: string | undefined;
  if (here) expected = here.run['active'] === true ? 'current_forge_active' : 'current_forge_present';
  else if (only === undefined) expected = 'no_matching_prior_forge';
  else if (others.length > 0) expected = 'multiple_matching_prior_forges';
  else if (!during.toLowerCase().endsWith('throw')) expected = 'resumed_same_codex_session';
  expect(result?.reason).toBe(expected);
  if (expected !== 'resumed_same_codex_session' || only === undefined) return;
  const target = world.sandbox.run(current);
  expect(target).toMatchObject({ active: true, owner_rcs_session_id: current, started_at: only.run['started_at'] });
  expect(world.sandbox.run(only.session)).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
}
