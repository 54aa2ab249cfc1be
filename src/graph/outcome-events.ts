import type { AnyEventObject } from 'xstate';
import type { MachineContext } from '../../machines/context.ts';
import type { ActorName, LookOutput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { reasons } from '../rules/protocol.ts';
import type { FailureCode, Sample } from './alphabet/alphabet.ts';
import { outcomes } from './alphabet/outcomes.ts';
import { readChart } from './chart.ts';

/** Something that can happen to the machine: an actor answers or fails, or a delay runs out. */
export type Outcome =
  | { readonly kind: 'answer'; readonly actor: ActorName; readonly name: string; readonly output: unknown }
  | { readonly kind: 'failure'; readonly actor: ActorName; readonly code: FailureCode }
  | { readonly kind: 'delay'; readonly delay: string };

/** An outcome and the event by which the machine hears of it. */
export interface OutcomeEvent {
  readonly outcome: Outcome;
  readonly event: AnyEventObject;
}

/**
 * An outcome in words, such as `scanCandidates: several`, `prepare fails: IO`, `lockRetry passes`.
 *
 * @param outcome - the outcome
 */
export function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'delay') return `${outcome.delay} passes`;
  return outcome.kind === 'answer' ? `${outcome.actor}: ${outcome.name}` : `${outcome.actor} fails: ${outcome.code}`;
}

let all: readonly OutcomeEvent[] | undefined;

/** Every outcome of the alphabet as an event of the machine, always the same objects. */
export function outcomeEvents(): readonly OutcomeEvent[] {
  all ??= [...actorEvents(), ...delayEvents()];
  return all;
}

function actorEvents(): OutcomeEvent[] {
  return (Object.keys(outcomes) as ActorName[]).flatMap((actor) => {
    const samples = Object.values<readonly Sample<unknown>[]>(outcomes[actor].outputs).flat();
    const answers = samples.map(
      ({ name, output }): OutcomeEvent => ({
        outcome: { kind: 'answer', actor, name, output },
        event: { type: `xstate.done.actor.${actor}`, output, actorId: actor },
      }),
    );
    const failures = outcomes[actor].errors.map(
      (code): OutcomeEvent => ({
        outcome: { kind: 'failure', actor, code },
        event: { type: `xstate.error.actor.${actor}`, error: { code }, actorId: actor },
      }),
    );
    return [...answers, ...failures];
  });
}

function delayEvents(): OutcomeEvent[] {
  return readChart(forgeSessionResumeMachine)
    .transitions.filter(({ on }) => on.kind === 'after')
    .map(({ on, from }) => ({
      outcome: { kind: 'delay', delay: on.of },
      event: { type: `xstate.after.${on.of}.${idOf(from)}` },
    }));
}

const idOf = (name: string): string =>
  forgeSessionResumeMachine.getStateNodeById(`${forgeSessionResumeMachine.id}.${name}`).id;

/**
 * What a call without a lock may say: nothing where a person asks for something, or a hook wants the lock; else what the
 * payload's ids allow.
 */
function canLookSay(context: MachineContext, output: LookOutput): boolean {
  const isSilent = context.command !== undefined || context.hooks.includes('afterLockAcquired');
  if (output.kind === 'doubtful') return !isSilent || output.pane === null;
  if (isSilent) return false;
  const isMissing = context.payloadSessionId === '' && context.payloadThreadId === '';
  if (output.answer.reason === reasons.identityMissing) return isMissing;
  return output.answer.reason !== reasons.noCandidate || !isMissing;
}

/** What an actor may say only where a policy asks for it. */
function isAskedFor({ policies }: MachineContext, output: unknown): boolean {
  const {
    foreign,
    stale,
    candidates = [],
  } = output as {
    foreign?: unknown;
    stale?: unknown;
    candidates?: readonly { readonly owner?: unknown }[];
  };
  return (
    (foreign === undefined || policies?.refuseForeignOwner === true) &&
    (stale === undefined || policies?.staleAfter !== undefined) &&
    (candidates.every(({ owner }) => owner === undefined) || policies?.requireDeadOwner === true)
  );
}

/**
 * Whether an outcome can follow what has happened so far. These few cannot, in any store that keeps the contract:
 * a transfer is undone only for the agent that owns the run; one whose source stopped matching has nothing to go forward
 * to; and a plan that is none of this machine's making fits nothing.
 *
 * @param context - the machine's memory before the outcome
 * @param outcome - what would happen
 */
export function canFollow(context: MachineContext, outcome: Outcome): boolean {
  if (outcome.kind === 'delay') return true;
  if (outcome.kind === 'answer' && !isAskedFor(context, outcome.output)) return false;
  if (outcome.actor === 'look') return outcome.kind === 'failure' || canLookSay(context, outcome.output as LookOutput);
  if (outcome.kind === 'answer' && outcome.actor === 'recover' && outcome.name === 'undone') {
    return context.payloadSessionId !== '' || context.payloadThreadId !== '';
  }
  if (outcome.kind === 'answer' && outcome.actor === 'readNamed') {
    return (outcome.name === 'moved') === (context.command?.plan !== undefined);
  }
  if (outcome.kind === 'answer' && outcome.actor === 'rollback' && outcome.name === 'wentForward') {
    return context.reason === null;
  }
  return true;
}
