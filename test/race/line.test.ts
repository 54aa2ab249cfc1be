import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

describe('many calls at once in one process', () => {
  it('promise 5: 64 calls are served in order of arrival, none times out, one hands the run over', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const calls = Array.from({ length: 64 }, (_, index) => index);
    const served: number[] = [];
    let inside = 0;
    const results = await Promise.all(
      calls.map((call) =>
        sandbox.call({
          session: 's1',
          hooks: {
            afterLockAcquired: async () => {
              inside += 1;
              served.push(call);
              await new Promise(setImmediate);
              expect(inside).toBe(1);
              inside -= 1;
            },
          },
        }),
      ),
    );
    expect(served).toEqual(calls);
    const [first, ...rest] = results.map((result) => result.reason);
    expect(first).toBe('resumed_same_codex_session');
    expect(new Set(rest)).toEqual(new Set(['current_forge_active']));
    console.log(`line: ${results.length} calls served in order`);
  });

  it('promise 5: short calls one right after another leave turns of the event loop to others', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    let turns = 0;
    let next = setImmediate(function turn() {
      turns += 1;
      next = setImmediate(turn);
    });
    await Promise.all(
      Array.from({ length: 200 }, () => sandbox.call({ session: 's1', hooks: { afterLockAcquired: () => undefined } })),
    );
    clearImmediate(next);
    // Without turns in between there would be none; one is due every 6 ms, and 200 calls take at least 40.
    expect(turns).toBeGreaterThan(3);
  });

  it('promise 5: a call that gives up while it stands in line leaves the others in theirs', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('a', 'b', 'c');
    const order: string[] = [];
    const gaveUp = new AbortController();
    const call = (current: string, signal?: AbortSignal) =>
      sandbox.call({
        current,
        session: 's1',
        hooks: {
          afterLockAcquired: () => {
            order.push(current);
            if (current === 'a') gaveUp.abort(new Error('enough'));
          },
        },
        ...(signal ? { signal } : {}),
      });
    const [first, second, third] = [call('a'), call('b', gaveUp.signal), call('c')];
    await expect(second).rejects.toThrow('enough');
    expect((await first).resumed).toBe(true);
    expect((await third).resumed).toBe(true);
    expect(order).toEqual(['a', 'c']);
  });
});
