import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { liveIn, orderIn, projectWithRun, runsOf } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** Changes fields in place, as the runtime does. */
function edit(sandbox: Sandbox, id: string, fields: Readonly<Record<string, unknown>>): void {
  fs.writeFileSync(sandbox.runFile(id), JSON.stringify({ ...sandbox.run(id), ...fields }));
}
const turn = (number: number) => ({ iteration: number, turn: number, note: `of turn ${number}` });

/** Every live run must hold one turn's content. */
function expectWhole(sandbox: Sandbox): void {
  expect(liveIn(sandbox)).toHaveLength(1);
  for (const run of runsOf(sandbox).values()) expect(run['iteration']).toBe(run['turn']);
}

/** A runtime that writes a counter and a field of the same turn in place, in two steps, every few milliseconds. */
const runtime = `
  const fs = require('node:fs');
  const [file, first] = process.argv.slice(2);
  let turn = Number(first);
  const step = () => {
    try {
      const run = JSON.parse(fs.readFileSync(file, 'utf8'));
      if (run.active !== true) process.exit();
      turn += 1;
      const next = JSON.stringify({ ...run, iteration: turn, turn });
      setTimeout(() => { try { fs.writeFileSync(file, next); } catch {} step2(); }, Math.random() * 2);
    } catch { step2(); }
  };
  const step2 = () => setTimeout(step, 1 + Math.random() * 2);
  process.on('disconnect', () => process.exit());
  process.on('message', () => process.exit());
  process.send('ready');
  step();`;

describe('fault 4: a run holds the content of one turn', () => {
  const subject = useSubject();

  it.each([
    ['only the source moved', [['old', 7]]],
    ['only the target moved', [['now', 6]]],
    [
      'the source moved further',
      [
        ['now', 6],
        ['old', 7],
      ],
    ],
    [
      'the target moved further',
      [
        ['old', 6],
        ['now', 7],
      ],
    ],
    [
      'both moved as far',
      [
        ['old', 6],
        ['now', 6],
      ],
    ],
  ] as const)('promise 2: where %s between the writes', async (_name, moves) => {
    const sandbox = projectWithRun(turn(5));
    const afterTargetWrite = (): void => {
      for (const [id, number] of moves) edit(sandbox, id, turn(number));
    };
    await subject().call({ ...orderIn(sandbox), hooks: { afterTargetWrite } });
    expectWhole(sandbox);
    const most = Math.max(...moves.map(([, number]) => number));
    expect(sandbox.run('now')).toMatchObject(turn(most));
  });

  it.each([
    ['source 7', [['old', 7]]],
    [
      'target 6, source 7',
      [
        ['now', 6],
        ['old', 7],
      ],
    ],
    [
      'source 6, target 7',
      [
        ['old', 6],
        ['now', 7],
      ],
    ],
    [
      'source 8 with a field of its own',
      [
        ['now', 7],
        ['old', 8],
      ],
    ],
  ] as const)('promise 2: where the caller was killed and they moved on (%s)', async (_name, moves) => {
    const sandbox = projectWithRun(turn(5));
    const victim = await startCaller(subject().module);
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    for (const [id, number] of moves) edit(sandbox, id, { ...turn(number), [`only_in_${id}`]: number });
    await subject().call(orderIn(sandbox));
    expectWhole(sandbox);
    const [live = ''] = liveIn(sandbox);
    const run = sandbox.run(live);
    expect([run['only_in_old'], run['only_in_now']].filter((value) => value !== undefined)).toEqual([run['turn']]);
  });

  it('promise 2: where a late writer brings back turns 6, 7 and 8', async () => {
    const sandbox = projectWithRun(turn(5));
    const before = sandbox.run('old');
    await subject().call(orderIn(sandbox));
    for (const number of [6, 7, 8]) {
      fs.writeFileSync(sandbox.runFile('old'), JSON.stringify({ ...before, ...turn(number) }));
      edit(sandbox, 'now', { seen: number });
      await subject().call(orderIn(sandbox));
      expectWhole(sandbox);
      expect(sandbox.run('now')).toMatchObject(turn(number));
    }
  });

  it('promise 2: beside a runtime that writes two fields every few milliseconds', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 15; round += 1) {
      const sandbox = projectWithRun({ iteration: 100, turn: 100 });
      const program = join(sandbox.project, 'runtime.cjs');
      fs.writeFileSync(program, runtime);
      const child = fork(program, [sandbox.runFile('old'), '100'], { execArgv: [] });
      onTestFinished(() => void child.kill('SIGKILL'));
      await once(child, 'message');
      await subject()
        .call(orderIn(sandbox))
        .catch(() => undefined);
      const gone = once(child, 'exit');
      // A runtime that saw its run ended is already on its way out, and takes no message any more.
      if (child.connected) child.send('stop', () => undefined);
      await gone;
      await subject()
        .call(orderIn(sandbox))
        .catch(() => undefined);
      expectWhole(sandbox);
      expect(liveIn(sandbox), `round ${round}`).toEqual(['now']);
    }
  });
});
