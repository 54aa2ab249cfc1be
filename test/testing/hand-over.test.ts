import { describe, expect, it } from 'vitest';
import { reasons } from '../../src/rules/protocol.ts';
import { thrownBy } from '../support/runs.ts';
import { handOver } from './example/hand-over.ts';
import type { Database, Row } from './example/memory-store.ts';
import { paths } from './example/shortest-paths.ts';

const row: Row = {
  active: true,
  phase: 'building',
  codexSession: 's1',
  rcsSession: 'old',
  pane: '%1',
  isAtWork: false,
  idleMs: 0,
  hasFiles: false,
  version: 1,
  by: 'world',
};
const database = (): Database => ({
  currentId: 'now',
  runs: new Map([['old', row]]),
  lockedBy: undefined,
  handedOver: undefined,
  journal: undefined,
});

describe("the kit's page, in production", () => {
  it('hands a run over, with the pane that the runtime knows', async () => {
    const db = database();
    expect(await handOver(db, ' s1\n', { pane: '%7' })).toMatchObject({
      reason: reasons.resumed,
      sourcePath: 'runs/old',
      targetPath: 'runs/now',
    });
    expect(db.runs.get('now')).toMatchObject({ active: true, pane: '%7' });
    expect(db.runs.get('old')).toMatchObject({ active: false });
    expect(await handOver(db, 's1')).toMatchObject({ reason: reasons.currentActive, updatedCurrentOwner: false });
    expect(db).toMatchObject({ lockedBy: undefined, journal: undefined });
  });

  it('many calls at once move it once', async () => {
    const db = database();
    const results = await Promise.all(Array.from({ length: 8 }, () => handOver(db, 's1')));
    expect(results.filter(({ resumed }) => resumed)).toHaveLength(1);
    expect([...db.runs.values()].filter((run) => run?.active)).toHaveLength(1);
  });

  it('gives the lock back where the call is aborted while it waits for it', async () => {
    const db = database();
    const caller = new AbortController();
    db.lockedBy = {};
    const call = handOver(db, 's1', { signal: caller.signal });
    caller.abort('enough');
    expect(await thrownBy(call)).toBe('enough');
    db.lockedBy = undefined;
    expect(await handOver(db, 's1')).toMatchObject({ resumed: true });
  });

  it("XState's own paths end", () => {
    expect(paths.length).toBeGreaterThan(100);
  });
});
