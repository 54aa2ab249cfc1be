import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordinaryScenarios } from '../support/scenarios.ts';
import { playScenario, resetTo, stateDirIn } from '../support/start-state.ts';
import type { Call, Order } from '../support/switch/order.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import type { Outcome } from '../support/switch/server.ts';
import { needs } from '../support/tools.ts';
import { readTree, type Tree, textIn } from '../support/tree.ts';

const [transfer] = ordinaryScenarios;
const target = 'sessions/now/forge-state.json';

describe.runIf(needs('gcc'))('the switch', () => {
  let pool: SwitchPool;
  beforeAll(async () => {
    pool = await SwitchPool.open('plain', 1);
  });
  afterAll(() => pool.close());

  /** Makes one plain transfer with an order for the call that `which` finds. */
  async function run(
    which: (call: Call) => boolean,
    order: Omit<Order, 'at'>,
  ): Promise<{ outcome: Outcome; tree: Tree }> {
    if (transfer === undefined) throw new Error('no scenario');
    const [done] = await pool.all([
      async (server, folder) => {
        const { log, start } = await playScenario(transfer, server, folder);
        resetTo(stateDirIn(folder), start);
        const at = log.find(which)?.number ?? 0;
        const outcome = await server.run(stateDirIn(folder), transfer.call, { ...order, at });
        return { outcome, tree: readTree(stateDirIn(folder)) };
      },
    ]);
    if (done === undefined) throw new Error('no outcome');
    return done;
  }
  const opened = (call: Call): boolean => call.name === 'open' && call.path === target;
  const written = (call: Call): boolean => call.name === 'write' && call.path === target;

  it('numbers and logs every call below the folder, with what was written', async () => {
    const { outcome, tree } = await run(() => false, { mode: 'count' });
    expect(outcome.log.map(({ number }) => number)).toEqual(outcome.log.map((_, index) => index + 1));
    expect(outcome.log.find(written)?.data.toString()).toBe(textIn(tree, target));
    expect(outcome.log.map(({ name }) => name)).toEqual(
      ['mkdir', 'open', 'write', 'open', 'write', 'open', 'write', 'unlink', 'rmdir'].flatMap((name) =>
        // rmSync tries rmdir before it empties the folder.
        name === 'unlink' ? ['rmdir', 'unlink'] : [name],
      ),
    );
  });

  it('kills before, half-way through and after a call', async () => {
    const before = await run(opened, { mode: 'kill-before' });
    expect(before.outcome).toMatchObject({ killed: true, answer: undefined });
    expect(textIn(before.tree, target)).toBeUndefined();
    expect(textIn((await run(opened, { mode: 'kill-after' })).tree, target)).toBe('');
    const half = textIn((await run(written, { mode: 'kill-half' })).tree, target) ?? '';
    const whole = textIn((await run(written, { mode: 'kill-after' })).tree, target) ?? '';
    expect(Buffer.byteLength(half)).toBe(Math.floor(Buffer.byteLength(whole) / 2));
    expect(whole.startsWith(half)).toBe(true);
  });

  it('fails one call, or every call from one on, with the error asked for', async () => {
    const one = await run(written, { mode: 'fail', errno: 'ENOSPC' });
    expect(one.outcome.answer?.error?.code).toBe('ENOSPC');
    expect(one.outcome.log.filter(({ failed }) => failed)).toHaveLength(2);
    expect([...one.tree.keys()].some((path) => path.startsWith('.lock'))).toBe(false);
    const all = await run(written, { mode: 'fail-from', errno: 'EIO' });
    expect(all.outcome.answer?.error?.code).toBe('EIO');
    expect([...all.tree.keys()].some((path) => path.startsWith('.lock'))).toBe(true);
  });

  it('makes a write come out short, and leaves nothing of its own', async () => {
    const { outcome, tree } = await run(written, { mode: 'short' });
    expect(outcome.answer?.result?.['resumed']).toBe(true);
    expect(outcome.killed).toBe(false);
    expect(() => JSON.parse(textIn(tree, target) ?? '')).not.toThrow();
    expect(fs.existsSync('/switch')).toBe(false);
  });
});
