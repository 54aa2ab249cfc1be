import type { Command } from '../../../machines/contract.ts';
import type { CommandPlan } from '../../call/plan-command.ts';
import { type Reason, reasons } from '../../rules/protocol.ts';

/**
 * Why a plan is refused, and what a person can do.
 *
 * @param refusal - the reason
 * @param plan - the plan
 * @param asked - what was asked for
 */
export function refusalText(refusal: Reason, { from, to }: CommandPlan, asked: Command): string {
  switch (refusal) {
    case reasons.sessionMissing:
      return asked.kind === 'adopt' && asked.into !== undefined
        ? `there is no session ${asked.into} that could get the run; --into names a folder of sessions/`
        : 'the session that would get the run is not known; name it: --into, or set RCS_SESSION_ID';
    case reasons.currentActive:
      if (from?.session === to?.session) return `session ${to?.session} has this run already; name another one: --into`;
      return `session ${to?.session} has an active run already; end that one first: forge-resume end ${to?.session}`;
    case reasons.currentPresent:
    case reasons.currentUnreadable:
      return `another run stands in ${to?.path}; move that file away first`;
    case reasons.noCandidate:
      return asked.kind === 'undo' ? nothingToUndo(asked) : nothingThere(asked, from);
    default:
      return `the owner of the run lives; stop its agent in session ${from?.session} first, or say --from-live if you know better`;
  }
}

function nothingToUndo({ session, transferId }: Extract<Command, { kind: 'undo' }>): string {
  if (transferId !== undefined)
    return `no run is here by ${transferId} that could be given back; forge-resume history shows the last one of each`;
  if (session !== undefined)
    return `session ${session} has no run that was handed over to it; see forge-resume history`;
  return 'no hand-over that could be taken back; name the session that has the run: --from';
}

function nothingThere(asked: Exclude<Command, { kind: 'undo' }>, from: CommandPlan['from']): string {
  const session = asked.kind === 'end' ? asked.session : asked.source;
  switch (from?.holds) {
    case 'active':
      return `the run of session ${session} is over (phase ${from.phase}); forge-resume end ${session} marks it as such`;
    case 'unreadable':
      return `the run of session ${session} cannot be read; forge-resume doctor says what mends it`;
    case 'inactive':
    case 'home':
      return `the run of session ${session} has ended; see ${from.path}`;
    default:
      return `session ${session} has no run; forge-resume status lists those that have one`;
  }
}
