import type { CommandPlan } from '../../call/plan-command.ts';
import { reasons } from '../../rules/protocol.ts';

/**
 * Why a plan is not done, and what a person can do.
 *
 * @param plan - one that is refused
 */
export function refusalText({ refusal, command, from, to }: CommandPlan): string {
  switch (refusal) {
    case reasons.sessionMissing:
      return 'no session is there that would get the run; name one that has a folder in sessions: --into';
    case reasons.currentActive:
      if (from?.session === to?.session) return `session ${to?.session} has this run already; name another one: --into`;
      return `session ${to?.session} has an active run already; end that one first`;
    case reasons.currentPresent:
    case reasons.currentUnreadable:
      return `another run stands in ${to?.path}; move that file away first`;
    case reasons.noCandidate:
      if (command === 'undo') return 'no hand-over that could be taken back; name the session that has the run: --from';
      return `session ${from?.session ?? ''} has no run that goes on; forge-resume status shows which have one`;
    default:
      return `the owner of the run lives; end session ${from?.session} first, or say --from-live if you know better`;
  }
}
