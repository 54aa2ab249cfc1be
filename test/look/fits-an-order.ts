import { type Reason, reasons } from '../../src/rules/protocol.ts';
import type { LoggedCall } from '../support/race/call-log.ts';

/**
 * What a session holds in the course of a race: nothing, then the run, then the run as it ended by a hand-over. `seen`
 * is where an answer saw it at some instant of its call, `left` where it then was at least.
 */
const stages: Readonly<Partial<Record<Reason, { readonly seen: number; readonly left: number }>>> = {
  [reasons.noCandidate]: { seen: 0, left: 0 },
  [reasons.severalCandidates]: { seen: 0, left: 0 },
  [reasons.resumed]: { seen: 0, left: 1 },
  [reasons.currentActive]: { seen: 1, left: 1 },
  [reasons.currentPresent]: { seen: 2, left: 2 },
};

/** Answers that say nothing about where the run is; the last two may leave a transfer to be settled, as a kill does. */
const evasive: readonly string[] = [reasons.lockTimeout, 'SOURCE_BUSY', 'LOCK_LOST'];

const mayBeUndone = ({ answer }: LoggedCall): boolean => answer === undefined || evasive.includes(answer);

/**
 * Looks for answers that fit no order of the calls. There must be one run, of one conversation, that is live in some
 * session at every instant and comes to no session twice.
 *
 * @param calls - all calls of a race
 * @param run - the run's conversation, and the session in which it was at first
 * @param others - whether a session is one of those that others than these calls may hand the run to
 * @returns one sentence for each such answer
 */
export function misfits(
  calls: readonly LoggedCall[],
  run: { readonly session: string; readonly first: string },
  others: (session: string) => boolean,
): readonly string[] {
  const found: string[] = [];
  for (const call of calls) {
    const { answer, to, current } = call;
    if (answer === undefined || to === undefined || evasive.includes(answer)) continue;
    const misfit = (why: string): void => void found.push(`${call.id} in ${current} said ${answer}, but ${why}`);
    if (call.session !== run.session) {
      // A session that holds the run has it, whoever asks.
      const right = [reasons.noCandidate, reasons.currentActive, reasons.currentPresent] as readonly string[];
      if (!right.includes(answer)) misfit('nobody has such a run');
      continue;
    }
    const stage = stages[answer as Reason];
    if (stage === undefined) misfit('no order of these calls gives that');
    else if (answer === reasons.noCandidate) misfit('the run was live all the time');
    else {
      const own = calls.filter((other) => other.current === current && other.session === run.session);
      if (own.some((other) => mayBeUndone(other) && other.from < to)) continue;
      const after = own.filter((other) => other.to !== undefined && other.to < call.from);
      const reached = Math.max(0, ...after.map((other) => stages[other.answer as Reason]?.left ?? 0));
      if (reached > stage.seen) misfit(`an earlier call had found it at stage ${reached}`);
      const broughtBy = own.some((other) => other.answer === reasons.resumed && other.from < to);
      if (stage.seen > 0 && current !== run.first && !others(current) && !broughtBy)
        misfit('nobody had brought it there');
    }
  }
  return found;
}
