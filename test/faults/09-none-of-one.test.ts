import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';

const ends: Readonly<Record<string, (sandbox: Sandbox) => void>> = {
  completed: (s) => s.putRun('now', { ...s.run('now'), active: false, current_phase: 'complete' }),
  failed: (s) => s.putRun('now', { ...s.run('now'), active: true, current_phase: 'failed' }),
  'cancelled by hand': (s) => s.putRun('now', { ...s.run('now'), active: false, current_phase: 'cancelled' }),
  removed: (s) => fs.rmSync(s.runFile('now')),
  'archived with its session': (s) => fs.rmSync(s.path('sessions', 'now'), { recursive: true }),
  'replaced by another run': (s) => s.putRun('now', liveRun({ started_at: 'later', owner_codex_session_id: 's9' })),
};
const callers = ['old', 'now', 'third'] as const;

describe('fault 9: a run lives again after its keeper had ended', () => {
  const subject = useSubject();
  const cases = Object.keys(ends).flatMap((end) => callers.map((caller) => [end, caller] as const));

  it.each(cases)('promise 1: the keeper was %s, a call in session %s', async (end, caller) => {
    const sandbox = projectWithRun({}, 'third');
    const before = sandbox.run('old');
    expect(await subject().call(orderIn(sandbox))).toMatchObject({ resumed: true });
    ends[end]?.(sandbox);
    sandbox.putRun('old', { ...before, iteration: 6, turn: 6 });
    const result = await subject().call(orderIn(sandbox, caller));
    expect(liveIn(sandbox)).toHaveLength(1);
    const [live = ''] = liveIn(sandbox);
    expect(sandbox.run(live)).toMatchObject({ iteration: 6, turn: 6 });
    if (caller === 'third') expect(result).toMatchObject({ resumed: true });
  });

  it('promise 1: nor after two hand-overs, of which the last keeper has ended', async () => {
    const sandbox = projectWithRun({}, 'third');
    const before = sandbox.run('old');
    await subject().call(orderIn(sandbox));
    await subject().call(orderIn(sandbox, 'third'));
    sandbox.putRun('third', { ...sandbox.run('third'), active: false, current_phase: 'complete' });
    sandbox.putRun('old', { ...before, iteration: 6 });
    for (const caller of ['third', 'old', 'now']) {
      await subject().call(orderIn(sandbox, caller));
      expect(liveIn(sandbox)).toHaveLength(1);
    }
  });
});
