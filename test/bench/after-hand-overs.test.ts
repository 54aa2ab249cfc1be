import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOnlyMountsWork } from '../support/read-only-mount.ts';
import { needs } from '../support/tools.ts';
import { handedOverTree, moveCurrentRun } from './handed-over-trees.ts';
import { loadCall } from './parts.ts';
import type { Traced } from './syscalls.ts';
import { buildTraced, expectReadOnlyAnswers, type TracedPackage, timesBelow, told } from './traced-package.ts';
import { activeTree, finishedTree, removeStateDirs } from './trees.ts';

/** How many sessions a session remembers of those that its run came from, at most. */
const remembered = 32;

describe.runIf(process.platform === 'linux' && needs('strace'))(
  'a call that writes nothing, after 40 hand-overs',
  () => {
    let subject: TracedPackage;
    const dirs = { fresh: '', noOp: '', freshNoMatch: '', noMatch: '' };
    beforeAll(async () => {
      subject = await buildTraced('bench-after-hand-overs');
      const call = await loadCall(subject.library);
      dirs.fresh = activeTree();
      dirs.noOp = await handedOverTree(40, call);
      dirs.freshNoMatch = finishedTree(41);
      dirs.noMatch = moveCurrentRun(await handedOverTree(40, call));
    }, 60_000);
    afterAll(removeStateDirs);

    it('promise 7: a no-op changes nothing and asks one look more for each remembered session', () => {
      const [fresh, later] = subject.calls([dirs.fresh], [dirs.fresh, dirs.noOp]) as [Traced, Traced];
      expect(later.changes).toEqual([]);
      expect(later.total, told(later)).toBeLessThanOrEqual(fresh.total + remembered + 16);
    });

    it('rule 0: a no match changes nothing and scans twice at most, since runs of this conversation moved', () => {
      const counted = [dirs.freshNoMatch, dirs.noMatch];
      const [fresh, later] = subject.calls([dirs.freshNoMatch], counted) as [Traced, Traced];
      expect(later.changes).toEqual([]);
      expect(later.total, told(later)).toBeLessThanOrEqual(2.3 * fresh.total);
    });

    it('rule 0: neither touches the time of any file or folder', () => {
      const before = [dirs.noOp, dirs.noMatch].flatMap(timesBelow);
      subject.calls([], [dirs.noOp, dirs.noMatch]);
      for (const dir of [dirs.noOp, dirs.noMatch]) subject.agent('hook', dir);
      expect([dirs.noOp, dirs.noMatch].flatMap(timesBelow)).toEqual(before);
      expect(fs.existsSync(join(dirs.noOp, '.forge-resume'))).toBe(true);
    });

    it.runIf(readOnlyMountsWork())('rule 0: both are answered on a read-only mount', () => {
      expectReadOnlyAnswers(subject, dirs.noOp);
      expectReadOnlyAnswers(subject, dirs.noMatch);
    });
  },
);
