import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { leastTime } from '../support/time-taken.ts';

const damages: Readonly<Record<string, (sandbox: Sandbox, id: string) => void>> = {
  'is empty': (s, id) => void s.putRun(id, ''),
  'is half there': (s, id) => void s.putRun(id, '{"active": tr'),
  'is a folder': (s, id) => {
    fs.rmSync(s.runFile(id));
    fs.mkdirSync(s.runFile(id));
  },
  'is a link': (s, id) => {
    fs.rmSync(s.runFile(id));
    fs.symlinkSync('/dev/zero', s.runFile(id));
  },
};

describe('fault 6: one run that cannot be read stops nobody else', () => {
  const subject = useSubject();

  /** A call killed between its writes, and the other conversation `s2` in session `other`. */
  async function killedBetween(): Promise<Sandbox> {
    const sandbox = projectWithRun({}, 'elsewhere');
    sandbox.putRun('other', liveRun({ owner_codex_session_id: 's2', owner_rcs_session_id: 'other' }));
    const victim = await startCaller(subject().module);
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    return sandbox;
  }
  const otherCall = (sandbox: Sandbox, current: string) =>
    subject().call(orderIn(sandbox, current, { payloadSessionId: 's2' }));

  const sides = ['old', 'now'].flatMap((id) => Object.keys(damages).map((name) => [id, name] as const));

  it.each(sides)('promise 5: the run in session %s of an open transfer %s', async (id, name) => {
    const sandbox = await killedBetween();
    damages[name]?.(sandbox, id);
    sandbox.declare({ openJournal: true });
    expect(await otherCall(sandbox, 'elsewhere')).toMatchObject({ reason: 'resumed_same_codex_session' });
    // Later calls of that conversation wait for nothing that is not theirs.
    const waited = await leastTime(
      async () => {
        expect(await otherCall(sandbox, 'elsewhere')).toMatchObject({ reason: 'current_forge_active' });
      },
      { enough: 50 },
    );
    expect(waited).toBeLessThan(50);
  });

  it('recover: only the sessions of the open transfer hear of it', async () => {
    const sandbox = await killedBetween();
    damages['is empty']?.(sandbox, 'old');
    sandbox.declare({ openJournal: true });
    const blocked = await subject()
      .call(orderIn(sandbox))
      .catch((error) => error);
    expect(blocked).toMatchObject({ code: 'RECOVERY_BLOCKED', message: expect.stringContaining('old') });
    expect(await otherCall(sandbox, 'elsewhere')).toMatchObject({ resumed: true });
  });

  it('recover: after 10 s that one goes its way too', async () => {
    const sandbox = await killedBetween();
    damages['is empty']?.(sandbox, 'old');
    fs.utimesSync(sandbox.runFile('old'), 1, 1);
    expect(await subject().call(orderIn(sandbox))).toMatchObject({ reason: 'current_forge_active' });
    expect(sandbox.run('now')['active']).toBe(true);
  });
});
