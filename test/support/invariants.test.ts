import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { violations } from './invariants.ts';
import { liveRun, threadRun } from './runs.ts';
import { makeSandbox } from './sandbox.ts';

describe('the check of the promises', () => {
  it('is silent on a clean state directory and on a missing one', () => {
    const sandbox = makeSandbox();
    sandbox.putRun('a', liveRun());
    sandbox.putRun('b', liveRun({ active: false }));
    sandbox.putRun('c', threadRun());
    expect(sandbox.violations()).toEqual([]);
    expect(violations(sandbox.path('nowhere'))).toEqual([]);
  });

  it('promise 1: sees two live runs of an identity unless the test declares them', () => {
    const sandbox = makeSandbox();
    sandbox.putRun('a', liveRun());
    sandbox.putRun('b', liveRun({ current_phase: ' Failed ' }));
    expect(sandbox.violations()).toEqual([]);
    sandbox.putRun('c', liveRun({ owner_codex_session_id: ' s1 ' }));
    expect(sandbox.violations()).toEqual([expect.stringMatching(/^promise 1: session:s1 is live in .*a.* and .*c/)]);
    sandbox.declare({ liveRuns: 2 });
    expect(sandbox.violations()).toEqual([]);
  });

  it('promise 2: sees a lost field and a lower iteration', () => {
    const sandbox = makeSandbox();
    const file = sandbox.putRun('a', liveRun({ note: 1, stop_reason: 'x' }));
    writeFileSync(file, JSON.stringify(liveRun({ iteration: 4 })));
    expect(sandbox.violations()).toEqual([
      expect.stringMatching(/promise 2: .* lost its field note/),
      expect.stringMatching(/promise 2: .* went back to iteration 4/),
    ]);
    sandbox.putRun('a', liveRun());
  });

  it('promise 3: sees a file that does not parse, but not one that the test broke itself', () => {
    const sandbox = makeSandbox();
    const file = sandbox.putRun('a', '{"active":');
    expect(sandbox.violations()).toEqual([]);
    writeFileSync(file, '{"active"');
    expect(sandbox.violations()).toEqual([expect.stringMatching(/^promise 3: /)]);
    sandbox.putRun('a', liveRun());
  });

  it('promise 6: sees a lock folder, a temp file and a journal', () => {
    const sandbox = makeSandbox();
    const lock = sandbox.putLock('1.2.ab');
    mkdirSync(sandbox.path('.forge-resume', 'journal'), { recursive: true });
    mkdirSync(sandbox.path('.forge-resume', 'breaking'));
    writeFileSync(sandbox.path('.forge-resume', 'journal', 'a.b.json'), '');
    sandbox.putSessions('a');
    writeFileSync(sandbox.path('sessions', 'a', '.forge-state.json.forge-resume'), '');
    expect(sandbox.violations()).toHaveLength(4);
    rmSync(sandbox.path('sessions'), { recursive: true });
    rmSync(lock, { recursive: true });
    rmSync(sandbox.path('.forge-resume'), { recursive: true });
  });

  it('promise 2: sees fields of one turn beside the iteration of another', () => {
    const sandbox = makeSandbox();
    sandbox.putRun('a', liveRun({ iteration: 7, turn: '7.a' }));
    expect(sandbox.violations()).toEqual([]);
    sandbox.putRun('a', liveRun({ iteration: 7, turn: '6.a' }));
    expect(sandbox.violations()).toEqual([expect.stringMatching(/^promise 2: .* mixes 6\.a with iteration 7/)]);
    sandbox.putRun('a', liveRun());
  });

  it('promises 7 and 8: sees a trail that has grown, and a link in our folder', () => {
    const sandbox = makeSandbox();
    mkdirSync(sandbox.path('.forge-resume', 'trails'), { recursive: true });
    writeFileSync(sandbox.path('.forge-resume', 'trails', 'a.json'), 'x'.repeat(20_000));
    symlinkSync('/', sandbox.path('.forge-resume', 'quarantine'));
    expect(sandbox.violations()).toEqual([
      expect.stringMatching(/^promise 7: .*a\.json has grown/),
      expect.stringMatching(/^promise 8: .*quarantine is a link/),
    ]);
    rmSync(sandbox.path('.forge-resume'), { recursive: true });
  });

  it.fails('runs by itself after a test that used the sandbox', () => {
    makeSandbox().putLock('1.2.ab');
  });
});
