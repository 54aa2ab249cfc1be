import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useMemory } from '../hostile/in-memory.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { bringBack, callIn, handOver, liveIn, started } from './copies.ts';
import { receiptFile, receiptsIn } from './journals.ts';

useMemory();

/** Voids every receipt, as whoever re-activates a run by hand does first. */
function voidReceipts(sandbox: Sandbox): void {
  for (const receipt of receiptsIn(sandbox)) {
    fs.writeFileSync(receiptFile(sandbox, receipt), JSON.stringify({ ...receipt, voided: true }));
  }
}

const copyLeft = [expect.objectContaining({ outcome: 'copy_left' })];

/** What was done after the transfer from A to B, and whether A's live run is reported. */
const cases: readonly (readonly [string, boolean, (sandbox: Sandbox) => void])[] = [
  ['an undone transfer, its receipt voided', false, (sandbox) => voidReceipts(bringBackIn(sandbox))],
  ['a run started anew', false, (sandbox) => bringBackIn(sandbox, { started_at: '2026-03-03T03:03:03.000Z' })],
  ['a run without a start', false, (sandbox) => bringBackIn(sandbox, { started_at: undefined })],
  ['a lower iteration', true, (sandbox) => bringBackIn(sandbox, { iteration: 4 })],
  ['another owner session', true, (sandbox) => bringBackIn(sandbox, { owner_rcs_session_id: 'X' })],
  ['another Codex thread', true, (sandbox) => bringBackIn(sandbox, { owner_codex_thread_id: 't9' })],
  ['a deleted keeper folder', true, (sandbox) => removeSession(bringBackIn(sandbox), 'B')],
  ['a deleted keeper run', true, (sandbox) => fs.unlinkSync(bringBackIn(sandbox).runFile('B'))],
  ['a keeper started anew', true, (sandbox) => bringBackIn(sandbox).putRun('B', started({ started_at: 'later' }))],
  ['a keeper that cannot be read', true, (sandbox) => bringBackIn(sandbox).putRun('B', '{"active"')],
  ['a terminal phase', false, (sandbox) => bringBackIn(sandbox, { current_phase: ' Complete ' })],
  ['no active run', false, (sandbox) => bringBackIn(sandbox, { active: 'true' })],
];

function bringBackIn(sandbox: Sandbox, fields: Readonly<Record<string, unknown>> = {}): Sandbox {
  bringBack(sandbox, 'A', { iteration: 9, ...fields });
  return sandbox;
}

function removeSession(sandbox: Sandbox, id: string): void {
  fs.rmSync(sandbox.path('sessions', id), { recursive: true });
}

describe('protocol "Receipts": what no receipt proves is left alone', () => {
  it.each(cases)('promise 2: %s, reported: %s', async (_name, reported, change) => {
    const sandbox = await handOver('A', 'B');
    sandbox.declare({ liveRuns: 2 });
    change(sandbox);
    const before = butOwner(sandbox.run('A'));
    // The call in A comes last: it refreshes the owner of the run that it finds live there (rule 3).
    for (const current of ['B', 'A']) {
      if (!fs.existsSync(sandbox.path('sessions', current))) continue;
      const result = await sandbox.call({ current });
      expect(result.recovered ?? []).toEqual(reported ? copyLeft : []);
      expect(butOwner(sandbox.run('A'))).toEqual(before);
    }
    expect(fs.existsSync(sandbox.path('.forge-resume', 'quarantine'))).toBe(false);
  });

  it('promise 1: two runs that no receipt tells apart stay two', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 4 });
    sandbox.putSessions('C');
    sandbox.declare({ liveRuns: 2 });
    const before = sandbox.snapshot();
    const result = await callIn(sandbox, 'C');
    expect(result.reason).toBe('multiple_matching_prior_forges');
    expect(result.recovered).toEqual(copyLeft);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('protocol "Receipts": a run that both receipt and copy give no start is left and reported', async () => {
    const sandbox = await handOver('X');
    sandbox.putRun('A', started({ started_at: undefined, owner_codex_session_id: 's2' }));
    sandbox.putSessions('B');
    await sandbox.call({ session: 's2', current: 'B' });
    bringBack(sandbox, 'A', { iteration: 9 });
    sandbox.declare({ liveRuns: 2 });
    expect((await sandbox.call({ session: 's2', current: 'B' })).recovered).toEqual(copyLeft);
    expect(sandbox.run('A')).toMatchObject({ active: true, iteration: 9 });
  });

  it('protocol "Receipts": a run whose only other copy is gone is handed over again', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    removeSession(sandbox, 'B');
    sandbox.putSessions('C');
    const result = await callIn(sandbox, 'C');
    expect(result.reason).toBe('resumed_same_codex_session');
    expect(result.recovered).toEqual(copyLeft);
    expect(sandbox.run('C')['iteration']).toBe(9);
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

  it('promise 2: a voided receipt in the middle of a chain breaks it', async () => {
    const sandbox = await handOver('A', 'B', 'C');
    const [, second] = receiptsIn(sandbox);
    if (second === undefined) throw new Error('two receipts were expected');
    fs.writeFileSync(receiptFile(sandbox, second), JSON.stringify({ ...second, voided: true }));
    removeSession(sandbox, 'B');
    const copy = bringBack(sandbox, 'A', { iteration: 9 });
    sandbox.declare({ liveRuns: 2 });
    expect((await callIn(sandbox, 'C')).recovered).toEqual(copyLeft);
    expect(sandbox.raw('A')).toBe(copy);
  });
});

const owned = ['owner_rcs_session_id', 'owner_codex_session_id', 'owner_codex_thread_id'];

const butOwner = (run: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(run).filter(([name]) => !owned.includes(name)));
