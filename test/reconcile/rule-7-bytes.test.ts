import { describe, expect, it } from 'vitest';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

describe('rule 7: the bytes of a transfer', () => {
  it('rule 7: target and source, field for field, byte for byte', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const source = `{"zeta":[1,{"a":"\\u00e9\\u0007"}],"active":true,"__proto__":{"polluted":true},
      "current_phase":"Building ","iteration":5,"constructor":{"prototype":null},"max_iterations":1e1,
      "tmux_pane_id":"%1","tmux_pane_set_at":"then","owner_codex_thread_id":"t0","owner_rcs_session_id":" old ",
      "completed_at":null,"stop_reason":"","owner_codex_session_id":" s1 ","started_at":"2026-01-02T03:04:05Z","7":-0}`;
    sandbox.putRun('old', source);
    const started = new Date().toISOString();
    const result = await sandbox.call({ session: ' s1\n', thread: 't1', pane: '%7' });
    const ended = new Date().toISOString();

    expect(result).toEqual({
      currentRcsSessionId: 'now',
      resumed: true,
      updatedCurrentOwner: false,
      reason: 'resumed_same_codex_session',
      sourcePath: sandbox.runFile('old'),
      targetPath: sandbox.runFile('now'),
    });
    const at = String(sandbox.run('old')['completed_at']);
    expect(new Date(at).toISOString()).toBe(at);
    expect(at >= started && at <= ended).toBe(true);
    expect(sandbox.raw('now')).toBe(`{
  "7": 0,
  "zeta": [
    1,
    {
      "a": "é\\u0007"
    }
  ],
  "active": true,
  "__proto__": {
    "polluted": true
  },
  "current_phase": "Building ",
  "iteration": 5,
  "constructor": {
    "prototype": null
  },
  "max_iterations": 10,
  "tmux_pane_id": "%7",
  "tmux_pane_set_at": "${at}",
  "owner_rcs_session_id": "now",
  "owner_codex_session_id": "s1",
  "started_at": "2026-01-02T03:04:05Z"
}`);
    expect(sandbox.raw('old')).toBe(`{
  "7": 0,
  "zeta": [
    1,
    {
      "a": "é\\u0007"
    }
  ],
  "active": false,
  "__proto__": {
    "polluted": true
  },
  "current_phase": "cancelled",
  "iteration": 5,
  "constructor": {
    "prototype": null
  },
  "max_iterations": 10,
  "tmux_pane_id": "%1",
  "tmux_pane_set_at": "then",
  "owner_codex_thread_id": "t0",
  "owner_rcs_session_id": " old ",
  "completed_at": "${at}",
  "stop_reason": "ownership_transferred",
  "owner_codex_session_id": " s1 ",
  "started_at": "2026-01-02T03:04:05Z"
}`);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('polluted');
  });

  it('rule 7: a run known by its thread keeps the thread while no session id is known', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', threadRun({ owner_codex_thread_id: ' t1 ' }));
    await sandbox.call({ thread: 't1' });
    expect(sandbox.run('now')).toEqual(threadRun({ owner_codex_thread_id: ' t1 ', owner_rcs_session_id: 'now' }));
  });

  it('rule 7: a payload session id is stored, and the thread goes, whatever its type', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', threadRun({ owner_codex_thread_id: 7 }));
    await sandbox.call({ session: 's9', thread: '7' });
    expect(sandbox.run('now')).toEqual(liveRun({ owner_rcs_session_id: 'now', owner_codex_session_id: 's9' }));
  });

  it('rule 7: an unknown pane leaves the pane fields alone', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const pane = { tmux_pane_id: '%1', tmux_pane_set_at: 'then' };
    sandbox.putRun('old', liveRun(pane));
    await sandbox.call({ session: 's1' });
    expect(sandbox.run('now')).toEqual(liveRun({ ...pane, owner_rcs_session_id: 'now' }));
  });

  it('rule 7: the pane is bound anew also where the source names the same one', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ tmux_pane_id: ' %7', tmux_pane_set_at: 'then' }));
    await sandbox.call({ session: 's1', pane: '%7' });
    expect(sandbox.run('now')['tmux_pane_id']).toBe('%7');
    expect(sandbox.run('now')['tmux_pane_set_at']).toMatch(/^\d{4}-/);
  });
});
