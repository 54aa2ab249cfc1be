import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useMemory } from '../hostile/in-memory.ts';
import { orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { callsOf, type Trace, useTraces } from '../support/outside/trace.ts';
import { liveRun } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';
import { needs } from '../support/tools.ts';

useMemory();
const anyCall = /^/;
const bytesRead = (trace: Trace | undefined): number =>
  (trace ?? []).reduce((sum, line) => sum + Number(/^p?read(?:64)?\(.*\) += (\d+)$/.exec(line)?.[1] ?? 0), 0);

describe.runIf(needs('strace'))(
  'fault 10: a call with nothing to write costs what it always did',
  { timeout: 120_000 },
  () => {
    const subject = useSubject();
    const trace = useTraces();

    /** Hands the run over from session to session: `h1` is the first it came to, `h<last>` the one that has it then. */
    async function handOver(sandbox: Sandbox, first: number, last: number): Promise<void> {
      for (let number = first; number <= last; number += 1) {
        sandbox.putSessions(`h${number}`);
        expect(await subject().call(orderIn(sandbox, `h${number}`))).toMatchObject({ resumed: true });
      }
      expect(await subject().call(orderIn(sandbox, `h${last}`))).toMatchObject({ reason: 'current_forge_active' });
    }
    /** A run that was handed over once. */
    async function resumed(notes = 40_000): Promise<Sandbox> {
      const sandbox = projectWithRun({ notes: 'x'.repeat(notes) });
      await handOver(sandbox, 1, 1);
      return sandbox;
    }
    /** A run that was started where it is, in a project in which another conversation was handed over. */
    async function started(notes = 40_000): Promise<Sandbox> {
      const sandbox = projectWithRun({ owner_codex_session_id: 's2' });
      await subject().call(orderIn(sandbox, 'now', { payloadSessionId: 's2' }));
      const owner = { owner_rcs_session_id: 'h1', tmux_pane_id: '%1' };
      sandbox.putRun('h1', liveRun({ notes: 'x'.repeat(notes), turn: 5, ...owner }));
      return sandbox;
    }
    const traceOf = async (...sandboxes: readonly Sandbox[]): Promise<Trace[]> =>
      await trace(
        subject().module,
        sandboxes.map((sandbox) => orderIn(sandbox, 'h1')),
      );

    it('promise 7: after 0, 1, 100 and 300 hand-overs', async () => {
      const sandbox = projectWithRun({ notes: 'x'.repeat(40_000) });
      const traces = [...(await traceOf(await started()))];
      for (const [first, last] of [
        [1, 1],
        [2, 100],
        [101, 300],
      ] as const) {
        await handOver(sandbox, first, last);
        traces.push(...(await trace(subject().module, [orderIn(sandbox, `h${last}`)])));
      }
      const counts = traces.map((calls) => callsOf(calls, anyCall));
      console.log(`system calls of a no-op after 0, 1, 100 and 300 hand-overs: ${counts.join(', ')}`);
      const [none = 0, one = 0, hundred = 0, more = 0] = counts;
      // One small file tells of the sessions that were left, at most 32, each of which is looked at once.
      expect(one, String(counts)).toBeLessThanOrEqual(none + 8);
      expect(hundred, String(counts)).toBeLessThanOrEqual(none + 8 + 32);
      expect(more, String(counts)).toBeLessThanOrEqual(hundred);
      expect(bytesRead(traces[3]) - bytesRead(traces[0])).toBeLessThan(32 * 1_024);
    });

    it('promise 7: of a run of 4 MB that was handed over', async () => {
      const [before, after] = await traceOf(await started(4_000_000), await resumed(4_000_000));
      expect(callsOf(after, anyCall)).toBeLessThanOrEqual(callsOf(before, anyCall) + 8);
      expect(bytesRead(after) - bytesRead(before)).toBeLessThan(4_096);
    });

    it('promise 7: beside a run of 4 MB that was handed over', async () => {
      const beside = projectWithRun({ notes: 'x'.repeat(4_000_000), owner_codex_session_id: 's2' }, 'other');
      await subject().call(orderIn(beside, 'other', { payloadSessionId: 's2' }));
      beside.putRun('older', liveRun({ notes: 'x'.repeat(40_000), turn: 5, owner_rcs_session_id: 'older' }));
      await handOver(beside, 1, 1);
      const [alone, more] = await traceOf(await resumed(), beside);
      expect(callsOf(more, anyCall)).toBeLessThanOrEqual(callsOf(alone, anyCall));
      expect(bytesRead(more) - bytesRead(alone)).toBeLessThan(1_024);
    });

    /** Names as the subject itself gives them, where it has such files. */
    const names: Readonly<Record<string, (index: number, like: string) => string>> = {
      receipts: (index, like) => `receipts/${like.slice(0, -13)}${index.toString(36).padStart(8, '0')}.json`,
      journals: (index) => `journal/a${index}.b${index}.json`,
      'journals of this session': (index) => `journal/a${index}.h1.json`,
      trails: (index) => `trails/s${index}.json`,
      quarantine: (index) => `quarantine/2026-01-01T00-00-00-000Z-h1-${index}`,
      'temp files': (index) => `tmp/run.${index}.abc`,
    };

    it.each(Object.keys(names))('promise 7: beside 8,000 empty files named like %s', async (kind) => {
      const clean = await resumed();
      const hostile = await resumed();
      const receipts = hostile.path('.forge-resume', 'receipts');
      const [like = 'a-b-c-00000000.json'] = fs.existsSync(receipts) ? fs.readdirSync(receipts) : [];
      for (let index = 0; index < 8_000; index += 1) {
        const path = hostile.path('.forge-resume', names[kind]?.(index, like) ?? '');
        if (index === 0) fs.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
        fs.writeFileSync(path, '');
      }
      hostile.declare({ openJournal: true });
      const [alone, beside] = await traceOf(clean, hostile);
      // At most 64 names are read of a folder, a few to a system call; each of those files may be judged.
      const most = kind === 'journals of this session' ? 64 * 100 : 16;
      expect(callsOf(beside, anyCall)).toBeLessThanOrEqual(callsOf(alone, anyCall) + most);
      const began = performance.now();
      await subject()
        .call(orderIn(hostile, 'h1'))
        .catch(() => undefined);
      expect(performance.now() - began).toBeLessThan(atOnceMs);
    });
  },
);
