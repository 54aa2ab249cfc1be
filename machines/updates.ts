/** The actions of the statechart: what each changes of the context, and nothing else. */
import { type Reason, reasons } from '../src/rules/protocol.ts';
import { type MachineContext, type MachineScope, outputOf } from './context.ts';
import * as guards from './guards.ts';

type Update = (scope: MachineScope) => Partial<MachineContext>;

const decide =
  (reason: Reason): Update =>
  () => ({ reason });

/** Actions by their names in the chart. */
export const updates = {
  decideLockTimeout: decide(reasons.lockTimeout),
  decideSessionMissing: decide(reasons.sessionMissing),
  decideCurrentActive: decide(reasons.currentActive),
  decideCurrentPresent: decide(reasons.currentPresent),
  decideCurrentUnreadable: decide(reasons.currentUnreadable),
  decideIdentityMissing: decide(reasons.identityMissing),
  decideNoCandidate: decide(reasons.noCandidate),
  decideSeveralCandidates: decide(reasons.severalCandidates),
  decideResumed: decide(reasons.resumed),
  noteTarget: ({ context }) => ({ target: context.current }),
  noteCurrent: ({ event }) => {
    const output = outputOf<'readCurrent'>(event);
    return { current: output.kind === 'missing' ? null : output.current };
  },
  noteRecovered: ({ context, event }) => ({
    recovered: [...context.recovered, ...outputOf<'recover' | 'retireCopies'>(event).recovered],
  }),
  notePane: ({ event }) => {
    const output = outputOf<'findPane'>(event);
    return { pane: output.kind === 'found' ? output.pane : '' };
  },
  noteOwner: ({ event }) => ({ updatedOwner: outputOf<'updateOwner'>(event).kind === 'updated' }),
  chooseSource: ({ event }) => ({
    source: guards.resumable(outputOf<'scanCandidates' | 'retireCopies'>(event).candidates)[0]?.run ?? null,
  }),
  noteTransfer: ({ event }) => ({ transfer: outputOf<'prepare'>(event).transfer }),
  noteFailure: ({ event }) => ({
    failure: { actor: String(event['actorId']), code: guards.codeOf(event['error']) },
  }),
  noteRegained: () => ({ regained: true, failure: null }),
} satisfies Readonly<Record<string, Update>>;
