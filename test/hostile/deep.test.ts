import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { journalFile, putJournal } from '../recovery/journals.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { makeCanary } from './canary.ts';
import { callSafely } from './case.ts';
import { deepAndWide, deepArray, deepObject, runWith, tooDeep } from './contents.ts';
import { useMemory } from './in-memory.ts';
import { openSubject, type Subject } from './subject.ts';

useMemory();

let subject: Subject;
beforeAll(async () => {
  subject = await openSubject();
});
afterAll(() => subject.close());

const shapes = [
  ['arrays', deepArray(tooDeep)],
  ['objects', deepObject(tooDeep)],
] as const;

function withRun(id: string, content: string): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun(id, content);
  return sandbox;
}

const call = async (sandbox: Sandbox, session = 's1') =>
  (await callSafely(subject, sandbox, makeCanary(sandbox), { session })).outcome;

describe.each(shapes)('rule 10: 100,000 %s in each other', (_shape, deep) => {
  it('rule 3: in an unknown field of a current run whose owner is right are no hindrance', async () => {
    const content = runWith('notes', deep, { owner_rcs_session_id: 'now' });
    const sandbox = withRun('now', content);
    expect(await call(sandbox)).toBe('current_forge_active');
    expect(sandbox.raw('now')).toBe(content);
  });

  it('rule 9: in a current run whose owner must be refreshed are a typed error, nothing touched', async () => {
    const content = runWith('notes', deep);
    const sandbox = withRun('now', content);
    expect(await call(sandbox)).toBe('STATE_UNSAFE');
    expect(sandbox.raw('now')).toBe(content);
  });

  it('rule 4: in an ended current run are no hindrance', async () => {
    expect(await call(withRun('now', runWith('notes', deep, { active: false })))).toBe('current_forge_present');
  });

  it('rule 3: as the current owner count as an owner', async () => {
    const content = runWith('owner_codex_session_id', deep, { owner_rcs_session_id: 'now' });
    const sandbox = withRun('now', content);
    expect(await call(sandbox)).toBe('current_forge_active');
    expect(sandbox.raw('now')).toBe(content);
  });

  it('rule 9: in an unknown field of a candidate are a typed error, nothing touched', async () => {
    const content = runWith('notes', deep);
    const sandbox = withRun('old', content);
    expect(await call(sandbox)).toBe('STATE_UNSAFE');
    expect(sandbox.raw('old')).toBe(content);
    expect(sandbox.raw('now')).toBeUndefined();
  });

  it.each(['owner_codex_session_id', 'current_phase', 'started_at'])(
    'rule 6: as %s of a candidate: a result or a typed error',
    async (field) => {
      const content = runWith(field, deep);
      const sandbox = withRun('old', content);
      expect(['no_matching_prior_forge', 'STATE_UNSAFE']).toContain(await call(sandbox));
      expect(sandbox.raw('old')).toBe(content);
    },
  );

  it('rule 2: in session.json are read past', async () => {
    const sandbox = withRun('now', JSON.stringify({ active: false }));
    sandbox.putRecord(`{"x":${deep},"session_id":"now"}`);
    const { outcome } = await callSafely(subject, sandbox, makeCanary(sandbox), { current: '' });
    expect(outcome).toBe('current_forge_present');
  });

  it.each(['version', 'transferId', 'more'])('protocol "Recover": as %s of a journal', async (field) => {
    const sandbox = withRun('now', JSON.stringify({ active: false }));
    const { [field as 'version']: _replaced, ...journal } = putJournal(sandbox);
    const text = `${JSON.stringify(journal).slice(0, -1)},"${field}":${deep}}`;
    fs.writeFileSync(journalFile(sandbox), text);
    const outcome = await call(sandbox);
    expect(outcome).toBe(field === 'version' ? 'JOURNAL_VERSION' : 'current_forge_present');
    fs.rmSync(journalFile(sandbox), { force: true });
  });

  it('protocol "Recover": in the source of an unfinished transfer leave the journal where it is', async () => {
    const sandbox = withRun('now', JSON.stringify(liveRun({ owner_rcs_session_id: 'now' })));
    sandbox.putRun('old', runWith('notes', deep));
    sandbox.declare({ openJournal: true, liveRuns: 2 });
    putJournal(sandbox);
    const before = sandbox.snapshot();
    expect(['current_forge_active', 'RECOVERY_BLOCKED']).toContain(await call(sandbox));
    const { outside: _made, ...after } = { outside: '', ...sandbox.snapshot() };
    expect(Object.entries(after).filter(([path, is]) => !path.startsWith('outside') && before[path] !== is)).toEqual(
      [],
    );
    expect(fs.existsSync(journalFile(sandbox))).toBe(true);
  });

  it('protocol "Trails": in a copy that came back leave it alone, and fill no quarantine call after call', async () => {
    const sandbox = withRun('old', JSON.stringify(liveRun()));
    await sandbox.call({ session: 's1' });
    const copy = runWith('notes', deep, { iteration: 9 });
    sandbox.putRun('old', copy);
    sandbox.declare({ liveRuns: 2 });
    for (let round = 0; round < 3; round += 1) {
      expect(await call(sandbox)).toBe('current_forge_active');
    }
    expect(sandbox.raw('old')).toBe(copy);
    const kept = sandbox.path('.forge-resume', 'quarantine');
    expect(fs.existsSync(kept) ? fs.readdirSync(kept).length : 0).toBeLessThanOrEqual(1);
  });
});

describe('rule 10: a run whose text would be larger than the 8 MiB that we read', () => {
  const content = runWith('notes', deepArray(deepAndWide));

  it('rule 7: is not handed over into a file that nobody would read', async () => {
    const sandbox = withRun('old', content);
    expect(await call(sandbox)).toBe('STATE_UNSAFE');
    expect(sandbox.raw('old')).toBe(content);
    expect(sandbox.raw('now')).toBeUndefined();
  });

  it('rule 3: is not refreshed into a file that nobody would read', async () => {
    const sandbox = withRun('now', content);
    expect(await call(sandbox)).toBe('STATE_UNSAFE');
    expect(sandbox.raw('now')).toBe(content);
  });
});
