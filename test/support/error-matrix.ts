import { errorCodes } from '../../src/errors.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { hookMessage } from './child/job.ts';
import { leftToOthers } from './left-to-others.ts';
import { type Judge, type MatrixReport, runMatrix } from './matrix.ts';
import type { Scenario } from './scenarios.ts';
import type { Reference } from './start-state.ts';
import type { Errno, Order } from './switch/order.ts';
import type { SwitchPool } from './switch/pool.ts';
import type { Tree } from './tree.ts';
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
const judgeFailure: Judge = (outcome, tree, reference, scenario, order) => {
  const { answer } = outcome;
  const { mode } = order;
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
    const { ofJournals } = leftToOthers(tree, outcome, scenario, order);
    const wrong = [...new Set([...right.keys(), ...now.keys()])].filter(
      (path) => right.get(path) !== now.get(path) && !ofJournals.has(path.split('/')[1] ?? ''),
    );
    if (wrong.length > 0 && !isAnswerOfLook(result, tree, reference))
      found.push(`answered ${String(result['reason'])}, but ${wrong.join()} is not so`);
  }
  const mustLive = liveSessions(reference.start).length > 0 && liveSessions(reference.afterCall).length > 0;
  if (live.length === 0 && mustLive) found.push('no owner is left');
  const stands = result !== undefined && isAnswerOfLook(result, tree, reference);
  if (scenario.settlesAtOnce === true && mode === 'fail' && live.length !== 1 && !stands) {
    found.push(`live in [${live}] at once`);
  }
  return found;
};

/**
 * Whether a result is one that stands where the lock cannot be taken (protocol.md, "Look"): it rests on one file, and
 * nothing has been touched, so that what an earlier call left waits for the next.
 */
function isAnswerOfLook(result: Readonly<Record<string, unknown>>, tree: Tree, { start }: Reference): boolean {
  const restsOnOneFile = [
    reasons.sessionMissing,
    reasons.currentActive,
    reasons.currentPresent,
    reasons.identityMissing,
  ];
  const isOne = (restsOnOneFile as readonly unknown[]).includes(result['reason']);
  const [before, now] = [sharedFiles(start), sharedFiles(tree)];
  const isUntouched = before.size === now.size && [...before].every(([path, text]) => now.get(path) === text);
  return isOne && result['updatedCurrentOwner'] === false && isUntouched;
}
