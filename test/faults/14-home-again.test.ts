import { describe, expect, it } from 'vitest';
import { liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import type { Sandbox } from '../support/sandbox.ts';

describe('fault 14: the user comes home to a session that was left', () => {
  const subject = useSubject();
  const go = (sandbox: Sandbox, current: string, comeHome = true) =>
    subject().call(orderIn(sandbox, current, { comeHome }));
  const expectAt = async (sandbox: Sandbox, id: string): Promise<void> => {
    expect(await go(sandbox, id)).toMatchObject({
      reason: 'resumed_same_codex_session',
      targetPath: sandbox.runFile(id),
    });
    expect(liveIn(sandbox)).toEqual([id]);
    expect(await go(sandbox, id)).toMatchObject({ reason: 'current_forge_active' });
  };

  it('rule 4: home again, and back, and home again', async () => {
    const sandbox = projectWithRun();
    for (const id of ['now', 'old', 'now', 'old']) await expectAt(sandbox, id);
    expect(sandbox.run('old')).toMatchObject({ iteration: 5, turn: 5 });
    for (const gone of ['completed_at', 'stop_reason']) expect(sandbox.run('old')).not.toHaveProperty(gone);
  });

  it('rule 4: home along a chain of sessions', async () => {
    const sandbox = projectWithRun({}, 'b', 'c');
    for (const id of ['now', 'b', 'c', 'old']) await expectAt(sandbox, id);
  });

  it('rule 4: with what was done abroad', async () => {
    const sandbox = projectWithRun();
    await expectAt(sandbox, 'now');
    sandbox.putRun('now', { ...sandbox.run('now'), iteration: 9, turn: 9, found: true });
    await expectAt(sandbox, 'old');
    expect(sandbox.run('old')).toMatchObject({ iteration: 9, turn: 9, found: true });
  });

  it('rule 4: never where it is not asked for, nor over a run that somebody else ended or changed', async () => {
    const sandbox = projectWithRun();
    await go(sandbox, 'now');
    expect(await go(sandbox, 'old', false)).toMatchObject({ reason: 'current_forge_present' });
    sandbox.putRun('old', { ...sandbox.run('old'), note: 'edited by hand' });
    expect(await go(sandbox, 'old')).toMatchObject({ reason: 'current_forge_present' });
    expect(liveIn(sandbox)).toEqual(['now']);
  });
});
