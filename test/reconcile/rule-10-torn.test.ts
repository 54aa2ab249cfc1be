import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { whenStarted } from '../support/when-started.ts';

describe('rule 10: a file that another program is writing in place', () => {
  const text = JSON.stringify(liveRun({ owner_rcs_session_id: 'now' }));

  // On a busy machine loading it can take longer than a file counts as being written.
  beforeAll(() => import('../../src/call/run-machine.ts'));

  /** Completes a half-written file as soon as the reading actor has had its first look. */
  const completing = (actor: string, complete: () => void) => whenStarted(actor, () => void setImmediate(complete));

  it('rule 10: a current run is read once more after 10 ms', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', text.slice(0, 20));
    const inspect = completing('readCurrent', () => sandbox.putRun('now', text));
    expect((await sandbox.call({ session: 's1', inspect })).reason).toBe('current_forge_active');
  });

  it.each([20, 0])('rule 10: a candidate of which %i bytes stand is read once more after 10 ms', async (bytes) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', text.slice(0, bytes));
    const inspect = completing('scanCandidates', () => sandbox.putRun('old', text));
    expect((await sandbox.call({ session: 's1', inspect })).resumed).toBe(true);
  });

  it('rule 10: session.json is read once more after 10 ms', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord('{"session_');
    const inspect = completing('readCurrent', () => sandbox.putRecord({ session_id: 'now' }));
    expect((await sandbox.call({ session: 's1', inspect })).currentRcsSessionId).toBe('now');
  });

  it('rule 10: only once', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', text.slice(0, 20));
    const touch = setInterval(() => sandbox.putRun('now', text.slice(0, 20)), 5);
    try {
      expect((await sandbox.call({ session: 's1' })).reason).toBe('current_forge_unreadable');
    } finally {
      clearInterval(touch);
    }
  });

  it('rule 10: not where it was changed longer ago', async () => {
    const sandbox = makeSandbox();
    fs.utimesSync(sandbox.putRun('now', text.slice(0, 20)), 1, 1);
    const inspect = completing('readCurrent', () => sandbox.putRun('now', text));
    expect((await sandbox.call({ session: 's1', inspect })).reason).toBe('current_forge_unreadable');
    // The answer came before the file was completed: nothing may be written once the test is over.
    await new Promise(setImmediate);
    expect(sandbox.raw('now')).toBe(text);
  });
});
