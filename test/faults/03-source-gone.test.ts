import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalsOf, liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';

type Change = (sandbox: Sandbox) => void;

const gone: Readonly<Record<string, Change>> = {
  'its folder is archived': (s) => fs.renameSync(s.path('sessions', 'old'), join(s.project, 'archived')),
  'its folder is removed': (s) => fs.rmSync(s.path('sessions', 'old'), { recursive: true }),
  'its file is removed': (s) => fs.rmSync(s.runFile('old')),
  'its file is archived beside': (s) => fs.renameSync(s.runFile('old'), `${s.runFile('old')}.bak`),
};

const unreadable: Readonly<Record<string, Change>> = {
  'half of it is written': (s) => fs.writeFileSync(s.runFile('old'), '{"active": tr'),
  'it is empty': (s) => fs.writeFileSync(s.runFile('old'), ''),
  'a folder stands there': (s) => {
    fs.rmSync(s.runFile('old'));
    fs.mkdirSync(s.runFile('old'));
  },
};

describe('fault 3: the source goes between the two writes', () => {
  const subject = useSubject();
  const handOver = (sandbox: Sandbox, change: Change) =>
    subject().call({ ...orderIn(sandbox), hooks: { afterTargetWrite: () => change(sandbox) } });

  it.each(Object.keys(gone))('transfer: goes forward where %s', async (name) => {
    const sandbox = projectWithRun();
    const result = await handOver(sandbox, gone[name] ?? (() => undefined));
    expect(result).toMatchObject({ reason: 'resumed_same_codex_session', resumed: true });
    expect(liveIn(sandbox)).toEqual(['now']);
    expect(journalsOf(sandbox)).toEqual([]);
    expect(await subject().call(orderIn(sandbox))).toMatchObject({ reason: 'current_forge_active' });
  });

  it.each(Object.keys(unreadable))('transfer: SOURCE_BUSY and an open journal where %s', async (name) => {
    const sandbox = projectWithRun();
    expect(await thrownBy(handOver(sandbox, unreadable[name] ?? (() => undefined)))).toMatchObject({
      code: 'SOURCE_BUSY',
    });
    expect(liveIn(sandbox)).toEqual(['now']);
    expect(journalsOf(sandbox)).toHaveLength(1);
    // The writer finishes; the next call settles what is open.
    fs.rmSync(sandbox.runFile('old'), { recursive: true });
    sandbox.putRun('old', liveRun({ iteration: 6, turn: 6 }));
    await subject().call(orderIn(sandbox));
    expect(liveIn(sandbox)).toEqual(['now']);
    expect(sandbox.run('now')).toMatchObject({ iteration: 6, turn: 6 });
    expect(journalsOf(sandbox)).toEqual([]);
  });
});
