import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FlatRecord, RecordingRecord, RunRecord } from '../../../src/inspect/recording/format.ts';
import { replay } from '../../../src/inspect/recording/replay.ts';
import { walkedPath } from '../../../src/inspect/recording/walked-path.ts';
import { reasons } from '../../../src/rules/protocol.ts';
import { liveRun, thrownBy } from '../../support/runs.ts';
import { type CallOptions, makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { readAt, scratchFolder } from './folder.ts';
import { asRecording } from './record-path.ts';
import { unnamedIn } from './validate.ts';

/** Makes a call that is recorded by a function; what it throws is left to the recording. */
async function record(sandbox: Sandbox, options: CallOptions = {}, full = false) {
  const records: RecordingRecord[] = [];
  const to = (one: RecordingRecord): unknown => records.push(one);
  const outcome = await sandbox.call({ session: 's1', record: { to, full }, ...options }).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  for (const one of records) expect(unnamedIn(one), JSON.stringify(one)).toEqual([]);
  return { ...outcome, recording: asRecording(records) };
}

const runsIn = (records: readonly FlatRecord[]): RunRecord[] => records.filter((one) => one.kind === 'run');
const resumable = (fields: object = {}): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ ...fields }));
  return sandbox;
};

describe('recorded calls on a real store', () => {
  it('a hand-over: what was decided, and what both runs held before and after', async () => {
    const { recording, ...outcome } = await record(resumable({ task: 'private' }));
    expect(outcome).toMatchObject({ result: { reason: reasons.resumed } });
    expect(recording.header).toMatchObject({ by: 'library', full: false, input: { payloadSessionId: 's1' } });
    const known = { active: true, current_phase: 'building', owner_codex_session_id: 's1' };
    expect(runsIn(recording.records)).toMatchObject([
      { session: 'now', role: 'current', when: 'before', state: null },
      { session: 'old', role: 'source', when: 'before', state: known, omitted: 1 },
      { session: 'now', when: 'after', state: { ...known, owner_rcs_session_id: 'now' }, omitted: 1 },
      { session: 'old', when: 'after', state: { active: false, stop_reason: 'ownership_transferred' }, omitted: 1 },
    ]);
    expect(replay(recording)).toMatchObject({ verdict: 'same', output: { reason: reasons.resumed } });
    expect(walkedPath(recording)?.path.expected).toEqual({ kind: 'result', reason: reasons.resumed });
  });

  it('rule 0: a call that the look answers is recorded as the machine decides it, and writes nothing', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    const before = sandbox.snapshot();
    const plain = await sandbox.call({ session: 's1' });
    const { recording, ...outcome } = await record(sandbox);
    expect(outcome).toEqual({ result: plain });
    expect(sandbox.snapshot()).toEqual(before);
    expect(fs.existsSync(sandbox.path('.forge-resume'))).toBe(false);
    const steps = recording.records.filter((one) => one.kind === 'step');
    expect(steps.map(({ to, guards }) => [to, guards])).toEqual([
      ['look', []],
      ['done', [{ name: 'nothingToWrite', passed: true }]],
    ]);
    expect(replay(recording).verdict).toBe('same');
  });

  it('rule 7: a call with any of the hooks is recognised as the path that it walked without them', async () => {
    const done = (): void => undefined;
    const plain = walkedPath((await record(resumable())).recording);
    for (const hooks of [{ afterLockAcquired: done }, { afterTargetWrite: done }, { afterCommit: done }]) {
      const { recording } = await record(resumable(), { hooks });
      expect(recording.header.input.hooks).toEqual(Object.keys(hooks));
      expect(replay(recording)).toMatchObject({ verdict: 'same', differsAt: null });
      expect(walkedPath(recording)).toMatchObject({ path: { expected: plain?.path.expected }, rounds: 0 });
    }
  });

  it('rule 8: a rollback, with the error of which only the code is told', async () => {
    const fault = new Error('what the user asked for');
    const hooks = {
      afterTargetWrite: () => {
        throw fault;
      },
    };
    const { recording, ...outcome } = await record(resumable(), { hooks });
    expect(outcome).toEqual({ error: fault });
    expect(recording.records.at(-1)).toMatchObject({
      kind: 'end',
      reason: null,
      error: { code: 'UNKNOWN', message: '' },
      output: { failure: { actor: 'afterTargetWrite', code: 'UNKNOWN' } },
    });
    expect(JSON.stringify(recording)).not.toContain(fault.message);
    expect(replay(recording).verdict).toBe('same');
    const full = await record(resumable(), { hooks }, true);
    expect(full.recording.records.at(-1)).toMatchObject({ error: { message: fault.message } });
  });

  it('rule 9: an abort is rethrown as the same object, and a call that it stopped at its look is not recorded', async () => {
    const reason = { why: 'the user left' };
    const records: RecordingRecord[] = [];
    const record = (one: RecordingRecord): unknown => records.push(one);
    const early = resumable().call({ session: 's1', signal: AbortSignal.abort(reason), record });
    expect(await thrownBy(early)).toBe(reason);
    expect(records).toEqual([]);
    const controller = new AbortController();
    const hooks = { afterTargetWrite: () => controller.abort(reason) };
    const late = resumable().call({ session: 's1', signal: controller.signal, hooks, record });
    expect(await thrownBy(late)).toBe(reason);
    expect(records.at(-1)).toMatchObject({ kind: 'end', error: { code: 'UNKNOWN', message: '' } });
    expect(replay(asRecording(records)).verdict).toBe('same');
  });

  it('rule 1: turns of waiting for the lock count as one where the path is looked for', async () => {
    const sandbox = resumable();
    const lock = sandbox.putLock();
    let turns = 0;
    const give = (one: RecordingRecord): void => {
      if (one.kind !== 'step' || one.to !== 'acquireLock.wait') return;
      turns += 1;
      if (turns === 4) fs.rmSync(lock, { recursive: true });
    };
    const records: RecordingRecord[] = [];
    await sandbox.call({
      session: 's1',
      record: (one) => {
        records.push(one);
        give(one);
      },
    });
    const recording = asRecording(records);
    expect(walkedPath(recording)).toMatchObject({ path: { expected: { reason: reasons.resumed } } });
    expect(walkedPath(recording)?.rounds).toBeGreaterThanOrEqual(3);
    expect(replay(recording).verdict).toBe('same');
  });

  it('calls at once in one process are recorded each by itself', async () => {
    const sandboxes = Array.from({ length: 8 }, (_, index) => resumable({ iteration: index }));
    const all = await Promise.all(sandboxes.map((sandbox) => record(sandbox)));
    for (const [index, { recording }] of all.entries()) {
      expect(replay(recording).verdict).toBe('same');
      expect(runsIn(recording.records)[1]).toMatchObject({ state: { iteration: index } });
      expect(recording.records.filter(({ kind }) => kind === 'step')).toHaveLength(
        all[0]?.recording.records.filter(({ kind }) => kind === 'step').length ?? 0,
      );
    }
  });

  it('what a function does with its records changes nothing, and neither does what it throws', async () => {
    const spoil = (one: RecordingRecord): never => {
      for (const part of Object.values(one)) {
        if (typeof part === 'object' && part !== null) for (const key of Object.keys(part)) delete part[key];
      }
      throw new Error('an observer');
    };
    const sandbox = resumable();
    expect(await sandbox.call({ session: 's1', record: spoil })).toMatchObject({
      reason: reasons.resumed,
      warnings: ['not recorded: an observer'],
    });
    const rejects = async (): Promise<never> => {
      throw new Error('a promise');
    };
    expect(await resumable().call({ session: 's1', record: rejects })).toMatchObject({ reason: reasons.resumed });
  });

  it('a call that hooks wait for holds the lock as without', async () => {
    const sandbox = resumable();
    let held = false;
    const hooks = { afterLockAcquired: () => (held = fs.existsSync(sandbox.path('.lock.forge-session-resume'))) };
    await record(sandbox, { hooks });
    expect(held).toBe(true);
  });

  it('an error of ours keeps its message', async () => {
    const sandbox = makeSandbox();
    const elsewhere = scratchFolder();
    fs.symlinkSync(elsewhere, sandbox.path('sessions'));
    const file = join(scratchFolder(), 'call.jsonl');
    const error = (await thrownBy(
      sandbox.call({ session: 's1', record: file, hooks: { afterLockAcquired: () => undefined } }),
    )) as { code: string; message: string };
    expect(readAt(file).records.at(-1)).toMatchObject({ error: { code: error.code, message: error.message } });
  });
});
