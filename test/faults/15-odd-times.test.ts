import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { journalsOf, liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { callsOf, useTraces } from '../support/outside/trace.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { leastTime } from '../support/time-taken.ts';
import { needs } from '../support/tools.ts';

const clock = pathToFileURL(join(import.meta.dirname, '../support/outside/odd-clock.mjs')).href;
const years = (number: number): number => number * 365.25 * 24 * 3_600_000;

describe('fault 15: times that nobody expects', () => {
  const subject = useSubject();

  it.each([
    ['in the year 12000', years(10_000)],
    ['in the year 200000', years(198_000)],
    ['before 1970', -years(100)],
  ])('recover: a call killed between its writes %s is settled', async (_name, ahead) => {
    const sandbox = projectWithRun();
    const nodeArgs = ['--import', clock];
    const options = { nodeArgs, env: { FORGE_TEST_CLOCK_AHEAD: String(ahead) } };
    const victim = await startCaller(subject().module, options);
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    const next = await startCaller(subject().module, options);
    expect(await next.call(orderIn(sandbox))).toMatchObject({ result: { reason: 'current_forge_active' } });
    expect(liveIn(sandbox)).toEqual(['now']);
    expect(journalsOf(sandbox)).toEqual([]);
  });

  it.each(['+012026-01-02T03:04:05.000Z', '-000001-01-01T00:00:00.000Z', 'tomorrow', 1_767_323_045_000, 8.64e15])(
    'recover: so is one of a run that was started at %s',
    async (startedAt) => {
      const sandbox = projectWithRun({ started_at: startedAt });
      const victim = await startCaller(subject().module);
      await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }));
      expect(await subject().call(orderIn(sandbox))).toMatchObject({ reason: 'current_forge_active' });
      expect(liveIn(sandbox)).toEqual(['now']);
    },
  );
});

describe.runIf(needs('strace'))('fault 15: files from the future', () => {
  const subject = useSubject();
  const trace = useTraces();
  /** Sixty sessions of other conversations, some of whose runs cannot be parsed. */
  const project = (seconds: number): Sandbox => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 60 });
    sandbox.putSessions('now');
    for (let index = 0; index < 60; index += 1) {
      const file = sandbox.putRun(
        `s${index}`,
        index % 3 === 0 ? '{"active": tr' : liveRun({ owner_codex_session_id: 's9' }),
      );
      fs.utimesSync(file, seconds, seconds);
    }
    return sandbox;
  };

  it('rule 6: a scan reads them no more often than old ones', async () => {
    const [past, future] = [project(1_600_000_000), project(4_000_000_000)];
    const [first, second] = await trace(subject().module, [orderIn(past), orderIn(future)]);
    expect(callsOf(second, /forge-state/)).toBeLessThanOrEqual(callsOf(first, /forge-state/) + 2);
  });

  it('rule 6: nor does it wait for them', async () => {
    const sandbox = project(4_000_000_000);
    const caller = await startCaller(subject().module);
    await caller.call(orderIn(sandbox));
    const waited = await leastTime(
      async () => {
        expect(await caller.call(orderIn(sandbox))).toMatchObject({ result: { reason: 'no_matching_prior_forge' } });
      },
      { enough: 50 },
    );
    expect(waited).toBeLessThan(50);
  });
});
