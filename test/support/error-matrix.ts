import { errorCodes } from '../../src/errors.ts';
import { hookMessage } from './child/job.ts';
import { type Judge, type MatrixReport, runMatrix } from './matrix.ts';
import type { Scenario } from './scenarios.ts';
import type { Errno, Order } from './switch/order.ts';
import type { SwitchPool } from './switch/pool.ts';
import { afterCrash, liveSessions, sharedFiles } from './verdict.ts';

/** How calls are made to fail. */
export interface Failing {
  readonly errnos: readonly Errno[];
  /** `fail`: one call; `fail-from`: this one and every later one. */
  readonly modes: readonly ('fail' | 'fail-from')[];
}

/**
 * Makes every call that changes the file system fail with every error, and every write come out short, in every
 * scenario.
 *
 * @param pool - makes the calls
 * @param scenarios - start states
 * @param failing - which errors, and how
 */
export function errorMatrix(pool: SwitchPool, scenarios: readonly Scenario[], failing: Failing): Promise<MatrixReport> {
  const failures = ({ log }: { readonly log: readonly { number: number; name: string; data: Buffer }[] }): Order[] => [
    ...failing.modes.flatMap((mode) =>
      failing.errnos.flatMap((errno) => log.map(({ number }): Order => ({ mode, errno, at: number }))),
    ),
    ...log
      .filter(({ name, data }) => name === 'write' && data.length > 1)
      .map(({ number }): Order => ({ mode: 'short', at: number })),
  ];
  return runMatrix(pool, scenarios, failures, judgeFailure);
}

/** Either a typed error or a result that the files bear out; an owner at every moment, exactly one at once if possible. */
const judgeFailure: Judge = ({ answer }, tree, reference, scenario, { mode }) => {
  if (answer === undefined) return ['the call gave no answer: it hung or crashed'];
  const found = afterCrash(tree, reference);
  const { error, result } = answer;
  const live = liveSessions(tree);
  if (error !== undefined) {
    const ofHook = scenario.call.hookThrows && error.message === hookMessage;
    const typed = error.name === 'ForgeResumeError' && (errorCodes as readonly string[]).includes(error.code);
    if (!ofHook && !typed) found.push(`threw ${error.name} ${error.code} ${error.message}`);
    if (mode === 'short' && !ofHook) found.push(`a short write became an error: ${error.message}`);
  }
  if (result !== undefined) {
    const expected = reference.answer?.result;
    if (result['reason'] !== expected?.['reason']) {
      found.push(`answered ${String(result['reason'])} for ${String(expected?.['reason'] ?? 'an error')}`);
    }
    const right = sharedFiles(reference.afterCall);
    const now = sharedFiles(tree);
    const wrong = [...new Set([...right.keys(), ...now.keys()])].filter((path) => right.get(path) !== now.get(path));
    if (wrong.length > 0) found.push(`answered ${String(result['reason'])}, but ${wrong.join()} is not so`);
  }
  if (live.length === 0 && liveSessions(reference.start).length > 0) found.push('no owner is left');
  if (scenario.settlesAtOnce === true && mode === 'fail' && live.length !== 1) found.push(`live in [${live}] at once`);
  return found;
};
