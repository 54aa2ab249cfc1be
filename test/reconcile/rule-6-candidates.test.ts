import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { none, reasonFor, sessionText, several } from '../support/prior-runs.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

describe('rule 6: how many there are', () => {
  it('rule 6: none at all', async () => {
    expect(await reasonFor({}, { session: 's1' })).toBe(none);
  });

  it.each([
    ['two of the same session', { a: liveRun(), b: liveRun() }],
    ['three', { a: liveRun(), b: liveRun(), c: liveRun() }],
    ['one by session and one by thread', { a: liveRun(), b: threadRun() }],
    ['one beside an escaped one', { a: liveRun(), b: sessionText('"\\u00731"') }],
  ])('rule 6: several are left alone: %s', async (_name, priors) => {
    expect(await reasonFor(priors, { session: 's1', thread: 't1' })).toBe(several);
  });

  it('rule 6: those that do not count do not make it several', async () => {
    const priors = {
      a: liveRun({ current_phase: 'complete' }),
      b: liveRun({ active: false }),
      c: liveRun({ owner_codex_session_id: 's2' }),
      d: '{"active":true',
      e: threadRun({ owner_codex_session_id: 's2' }),
      f: liveRun(),
    };
    expect(await reasonFor(priors, { session: 's1', thread: 't1' })).toBe('resumed_same_codex_session');
  });
});

describe('rule 6: where a candidate may stand', () => {
  it.each(['bad.name', 'bad name', 'x'.repeat(65), 'ä', '.hidden'])(
    'rule 6: not in a folder whose name is no session id: %j',
    async (id) => {
      expect(await reasonFor({ [id]: liveRun() }, { session: 's1' })).toBe(none);
    },
  );

  it.each(['x'.repeat(64), '__proto__', '-', 'constructor'])('rule 6: in every other: %j', async (id) => {
    expect(await reasonFor(Object.fromEntries([[id, liveRun()]]), { session: 's1' })).toBe(
      'resumed_same_codex_session',
    );
  });

  it('rule 6: not in a linked folder, not in a file, not beside the folders, not deeper', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', 'deep');
    const elsewhere = sandbox.path('elsewhere');
    fs.mkdirSync(elsewhere);
    fs.writeFileSync(`${elsewhere}/forge-state.json`, JSON.stringify(liveRun()));
    fs.symlinkSync(elsewhere, sandbox.path('sessions', 'linked'));
    fs.writeFileSync(sandbox.path('sessions', 'file'), JSON.stringify(liveRun()));
    fs.cpSync(elsewhere, sandbox.path('sessions', 'deep', 'old'), { recursive: true });
    for (const file of [sandbox.path('forge-state.json'), sandbox.path('sessions', 'forge-state.json')]) {
      fs.copyFileSync(`${elsewhere}/forge-state.json`, file);
    }
    const before = sandbox.snapshot();
    expect((await sandbox.call({ session: 's1' })).reason).toBe(none);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 6: it is found among many', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    for (let index = 0; index < 300; index += 1) {
      sandbox.putRun(`s-${index}`, liveRun({ owner_codex_session_id: `other-${index}` }));
    }
    sandbox.putRun('s-wanted', liveRun());
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ sourcePath: sandbox.runFile('s-wanted') });
  });

  it('rule 6: sessions/ need not exist', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord({ session_id: 'now' });
    const before = sandbox.snapshot();
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ currentRcsSessionId: 'now', reason: none });
    expect(sandbox.snapshot()).toEqual(before);
  });
});
