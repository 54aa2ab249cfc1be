import { describe, expect, it } from 'vitest';
import type { InspectionEvent } from 'xstate';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { ReconcileResult } from '../../src/call/result.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

/** A transfer under somebody's eyes, in a project of its own; its paths are left out, which name that project. */
async function watched(inspect: unknown): Promise<Partial<ReconcileResult>> {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  const result = await sandbox.call({ session: 's1', inspect: inspect as NonNullable<ReconcileOptions['inspect']> });
  expect(sandbox.run('now')).toMatchObject({ active: true });
  expect(sandbox.run('old')).toMatchObject({ active: false });
  const { sourcePath: _source, targetPath: _target, ...decision } = result;
  return decision;
}

const resumed = {
  currentRcsSessionId: 'now',
  resumed: true,
  updatedCurrentOwner: false,
  reason: 'resumed_same_codex_session',
};

const fail = (): never => {
  throw new Error('of an observer');
};

describe('an observer never changes a call', () => {
  it('one that throws at any one event, or at all of them', async () => {
    const types: string[] = [];
    expect(await watched(({ type }: InspectionEvent) => types.push(type))).toEqual(resumed);
    expect(types.length).toBeGreaterThan(50);
    for (let at = 0; at <= types.length; at += 1) {
      let seen = 0;
      const throwing = (): void => {
        seen += 1;
        if (at === types.length || seen === at + 1) fail();
      };
      expect(await watched(throwing), `${types[at] ?? 'every event'}, ${at}`).toEqual(resumed);
      expect(seen).toBe(types.length);
    }
  }, 60_000);

  it('an observer as an object hears of the same events as a function', async () => {
    const [told, heard]: [string[], string[]] = [[], []];
    await watched(({ type }: InspectionEvent) => told.push(type));
    await watched({ next: ({ type }: InspectionEvent) => heard.push(type) });
    expect(heard).toEqual(told);
  });

  it.each<[string, unknown]>([
    ['throws nothing', () => Promise.reject()],
    ['rejects', () => Promise.reject(new Error('of an observer'))],
    ['is an object whose next throws', { next: fail }],
    ['is an object whose next rejects', { next: () => Promise.reject(new Error('of an observer')) }],
    ['is an object whose next cannot be read', Object.defineProperty({}, 'next', { get: fail })],
    ['is an object without next', {}],
    ['is an object with what is no function', { next: 7, error: fail, complete: fail }],
  ])('one that %s', async (_name, inspect) => {
    expect(await watched(inspect)).toEqual(resumed);
  });
});
