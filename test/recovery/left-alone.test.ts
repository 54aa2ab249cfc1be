import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { useMemory } from '../hostile/in-memory.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { bringBack, callIn, handOver, liveIn, started } from './copies.ts';
import { trailOf } from './journals.ts';

useMemory();

/** What was done after the transfer from A to B so that nothing proves that A's live run is a copy. */
const cases: readonly (readonly [string, (sandbox: Sandbox) => void])[] = [
  ['a run started anew', (sandbox) => bringBackIn(sandbox, { started_at: '2026-03-03T03:03:03.000Z' })],
  ['a run without a start', (sandbox) => bringBackIn(sandbox, { started_at: undefined })],
  ['a deleted keeper folder', (sandbox) => removeSession(bringBackIn(sandbox), 'B')],
  ['a deleted keeper run', (sandbox) => fs.unlinkSync(bringBackIn(sandbox).runFile('B'))],
  ['a keeper started anew', (sandbox) => bringBackIn(sandbox).putRun('B', started({ started_at: 'later' }))],
  ['a keeper that has ended', (sandbox) => bringBackIn(sandbox).putRun('B', started({ active: false }))],
  ['a keeper that cannot be read', (sandbox) => bringBackIn(sandbox).putRun('B', '{"active"')],
  ['a keeper without a trail', (sandbox) => fs.unlinkSync(trailFile(bringBackIn(sandbox), 'B'))],
  ['a broken trail', (sandbox) => fs.writeFileSync(trailFile(bringBackIn(sandbox), 'B'), '{"version":1')],
  ['a trail of another version', (sandbox) => fs.writeFileSync(trailFile(bringBackIn(sandbox), 'B'), '{"version":2}')],
  ['a terminal phase', (sandbox) => bringBackIn(sandbox, { current_phase: ' Complete ' })],
  ['no active run', (sandbox) => bringBackIn(sandbox, { active: 'true' })],
];

const trailFile = (sandbox: Sandbox, id: string): string => sandbox.path('.forge-resume', 'trails', `${id}.json`);

function bringBackIn(sandbox: Sandbox, fields: Readonly<Record<string, unknown>> = {}): Sandbox {
  bringBack(sandbox, 'A', { iteration: 9, ...fields });
  return sandbox;
}

function removeSession(sandbox: Sandbox, id: string): void {
  fs.rmSync(sandbox.path('sessions', id), { recursive: true });
}

describe('protocol "Trails": what no trail proves is left alone', () => {
  it.each(cases)('promise 2: %s', async (_name, change) => {
    const sandbox = await handOver('A', 'B');
    sandbox.declare({ liveRuns: 2 });
    change(sandbox);
    const before = butOwner(sandbox.run('A'));
    // The call in A comes last: it refreshes the owner of the run that it finds live there (rule 3).
    for (const current of ['B', 'A']) {
      if (!fs.existsSync(sandbox.path('sessions', current))) continue;
      const result = await sandbox.call({ current, hooks: { afterLockAcquired: () => undefined } });
      expect(result.recovered).toBeUndefined();
      expect(butOwner(sandbox.run('A'))).toEqual(before);
    }
    expect(fs.existsSync(sandbox.path('.forge-resume', 'quarantine'))).toBe(false);
  });

  it.each([
    ['a lower iteration', { iteration: 4 }],
    ['another owner session', { owner_rcs_session_id: 'X' }],
    ['another Codex thread', { owner_codex_thread_id: 't9' }],
  ])('promise 1: %s says nothing: late writers bring back any of them', async (_name, fields) => {
    const sandbox = await handOver('A', 'B');
    bringBackIn(sandbox, fields);
    expect((await callIn(sandbox, 'B')).recovered?.map(({ outcome }) => outcome)).toEqual(['copy_ended']);
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['B']);
  });

  it('promise 1: two runs that no trail tells apart stay two', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { started_at: 'later' });
    sandbox.putSessions('C');
    sandbox.declare({ liveRuns: 2 });
    const before = sandbox.snapshot();
    expect((await callIn(sandbox, 'C')).reason).toBe('multiple_matching_prior_forges');
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('protocol "Trails": a run whose only other copy is gone is handed over again', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    removeSession(sandbox, 'B');
    sandbox.putSessions('C');
    const result = await callIn(sandbox, 'C');
    expect(result.reason).toBe('resumed_same_codex_session');
    expect(sandbox.run('C')['iteration']).toBe(9);
  });

  it('protocol "Trails": what was judged and left is noted, so that the next look is quiet again', async () => {
    const sandbox = await handOver('A', 'B');
    sandbox.putRun('A', '{"active": fal');
    await callIn(sandbox, 'B');
    const states: string[] = [];
    const inspect: ReconcileOptions['inspect'] = (event) => {
      if (event.type === '@xstate.snapshot' && event.actorRef.sessionId === event.rootId) {
        states.push(JSON.stringify((event.snapshot as { value?: unknown }).value));
      }
    };
    await sandbox.call({ session: 's1', current: 'B', inspect });
    expect(states).toEqual(['"look"', '"done"']);
  });

  it('protocol "Trails": an entry whose file is another run by now is struck out', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { started_at: 'later', owner_codex_session_id: 's2' });
    await callIn(sandbox, 'B');
    expect(trailOf(sandbox, 'B')).toMatchObject({ left: [] });
  });

  it('promise 1: a run that went from A to B and back to A is live in A, and no call says otherwise', async () => {
    const sandbox = await handOver('A', 'B');
    fs.unlinkSync(sandbox.runFile('A'));
    expect((await callIn(sandbox, 'A')).reason).toBe('resumed_same_codex_session');
    const before = sandbox.snapshot();
    const result = await callIn(sandbox, 'A');
    expect(result.reason).toBe('current_forge_active');
    expect(sandbox.snapshot()).toEqual(before);
    expect((await callIn(sandbox, 'B')).reason).toBe('current_forge_present');
    expect(sandbox.snapshot()).toEqual(before);
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['A']);
    expect(result.recovered).toBeUndefined();
  });
});

const owned = ['owner_rcs_session_id', 'owner_codex_session_id', 'owner_codex_thread_id'];

const butOwner = (run: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(run).filter(([name]) => !owned.includes(name)));
