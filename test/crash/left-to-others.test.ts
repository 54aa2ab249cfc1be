import { describe, expect, it } from 'vitest';
import { leftToOthers } from '../support/left-to-others.ts';
import { ordinaryScenarios } from '../support/scenarios.ts';
import type { Call, Order } from '../support/switch/order.ts';
import type { Tree } from '../support/tree.ts';

const temp = 'sessions/prior/.forge-state.json.forge-resume';
const journal = '.forge-resume/journal/x.y.json';
const [scenario] = ordinaryScenarios;

const failedAt = (number: number, name: string, path: string): Call => {
  return { number, name, path, other: '', extra: 0, failed: true, data: Buffer.alloc(0) };
};

/** What is left to others where one call failed, or, with an error, where the whole call did. */
function left(paths: readonly string[], call: Call, order: Partial<Order> = {}, error = false) {
  if (scenario === undefined) throw new Error('no scenario');
  const tree: Tree = new Map(paths.map((path) => [path, { kind: 'folder', mode: 0, mtimeMs: 0 }]));
  const answer = error ? { error: { name: '', code: '', message: '' }, millis: 0 } : { result: {}, millis: 0 };
  const outcome = { killed: false, log: [call], answer };
  return leftToOthers(tree, outcome, scenario, { mode: 'fail', at: 7, ...order }).sessions;
}

describe('what the judge of errors lets wait for calls of other sessions', () => {
  it('promise 6: a temporary file beside another run, only where its own removal failed', () => {
    expect(left([temp], failedAt(7, 'unlink', temp))).toEqual(['prior']);
    expect(left([temp], failedAt(7, 'unlink', journal))).toEqual([]);
    expect(left([temp], failedAt(7, 'rename', temp))).toEqual([]);
    expect(left([temp], failedAt(6, 'unlink', temp))).toEqual([]);
    expect(left([temp], failedAt(7, 'unlink', temp), { mode: 'short' })).toEqual([]);
    const own = temp.replace('prior', 'now');
    expect(left([own], failedAt(7, 'unlink', own))).toEqual([]);
  });

  it('protocol "Recover": a transfer of others, only where the call threw or failed at it', () => {
    expect(left([journal], failedAt(7, 'fsync', 'sessions/y'))).toEqual(['y']);
    expect(left([journal], failedAt(7, 'fsync', 'sessions'))).toEqual(['y']);
    expect(left([journal], failedAt(7, 'open', '.forge-resume/trails/.now.json.forge-resume'))).toEqual([]);
    expect(left([journal], failedAt(7, 'open', 'sessions/now/.forge-state.json.forge-resume'))).toEqual([]);
    expect(left([journal], failedAt(7, 'open', 'sessions/now/.forge-state.json.forge-resume'), {}, true)).toEqual([
      'y',
    ]);
    expect(left(['.forge-resume/journal/prior.now.json'], failedAt(7, 'fsync', 'sessions'))).toEqual([]);
  });
});
