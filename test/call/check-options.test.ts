import { describe, expect, it } from 'vitest';
import type { ReconcileOptions } from '../../src/call/options.ts';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

/** Values of every kind; a name of each, and which of them an option may be beside `undefined`. */
const values: Readonly<Record<string, unknown>> = {
  null: null,
  'the string ""': '',
  'the string "no"': 'no',
  'of type number': 7,
  'of type boolean': true,
  'of type function': () => undefined,
  'an array': [],
  'of type object': {},
};
const allowed: Readonly<Record<string, readonly string[]>> = {
  stateDir: ['the string ""', 'the string "no"'],
  env: ['an array', 'of type object'],
  comeHome: ['of type boolean'],
  companions: [],
  signal: [],
  inspect: ['of type function', 'an array', 'of type object'],
  hooks: ['an array', 'of type object'],
  'hooks.afterLockAcquired': ['of type function'],
  'hooks.afterTargetWrite': ['of type function'],
  'hooks.afterCommit': ['of type function'],
};
const wrong = Object.entries(allowed).flatMap(([option, may]) =>
  Object.keys(values)
    .filter((kind) => !may.includes(kind))
    .map((kind) => [option, kind] as const),
);

const withOption = (stateDir: string, option: string, value: unknown): ReconcileOptions => {
  const [name = '', hook] = option.split('.');
  const call = { stateDir, payloadSessionId: 's1', env: { RCS_SESSION_ID: 'now' } };
  return { ...call, [name]: hook === undefined ? value : { [hook]: value } } as ReconcileOptions;
};

describe('options of a wrong type', () => {
  it.each(wrong)('%s: %s is a TypeError that names it, and nothing is touched', async (option, kind) => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const before = sandbox.tree();
    const error = await thrownBy(reconcileForgeSessionResume(withOption(sandbox.stateDir, option, values[kind])));
    expect(error).toBeInstanceOf(TypeError);
    const message = `^reconcileForgeSessionResume: ${option} must be .+, but is ${kind}$`;
    expect((error as Error).message).toMatch(new RegExp(message));
    expect(sandbox.tree()).toEqual(before);
  });

  it.each([[undefined], [null], ['/project/.rcs/state'], [7]])('no options, but %s', async (options) => {
    const error = await thrownBy(reconcileForgeSessionResume(options as never));
    expect(error).toMatchObject({ name: 'TypeError', message: expect.stringContaining('must be an object') });
  });

  it('stateDir left out, or undefined', async () => {
    for (const options of [{}, { stateDir: undefined }]) {
      const error = await thrownBy(reconcileForgeSessionResume(options as never));
      expect(error).toMatchObject({ message: expect.stringContaining('stateDir must be a string, but is undefined') });
    }
  });

  it('every other option may be undefined', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const { stateDir } = sandbox;
    const none = { comeHome: undefined, companions: undefined, signal: undefined, inspect: undefined };
    const hooks = { afterLockAcquired: undefined, afterTargetWrite: undefined, afterCommit: undefined };
    const call = { stateDir, payloadSessionId: 's1', payloadThreadId: undefined, env: { RCS_SESSION_ID: 'now' } };
    expect(await reconcileForgeSessionResume({ ...call, ...none, hooks })).toMatchObject({ resumed: true });
    expect((await reconcileForgeSessionResume({ stateDir, ...none, env: undefined, hooks: undefined })).resumed).toBe(
      false,
    );
  });
});
