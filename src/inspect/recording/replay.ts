import { type AnyEventObject, type AnyMachineSnapshot, initialTransition, transition } from 'xstate';
import type { MachineOutput } from '../../../machines/contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { stateName } from '../../graph/state-name.ts';
import { transitionTaken } from '../../graph/walk.ts';
import type { EndRecord, Recording, StepRecord } from './format.ts';

/** What today's machine makes of a recording's answers. */
export interface Replay {
  /**
   * `same`: it decides what was decided. `other`: it decides something else. `stuck`: it asks for something that the
   * recording has no answer to. `unfinished`: the recording has no end, and so far the machine went along.
   */
  readonly verdict: 'same' | 'other' | 'stuck' | 'unfinished';
  /** The states that the machine went through, the first one included. */
  readonly states: readonly string[];
  /** What it ended with; null where it did not come to an end. */
  readonly output: MachineOutput | null;
  /** The first step that went elsewhere than the recording says; null if none did. */
  readonly differsAt: { readonly n: number; readonly recorded: string; readonly today: string } | null;
}

/**
 * Feeds a recording's answers to the real machine, without actors, files or time: the pure transitions of XState. Each
 * time it gets the first answer that is left and that it takes where it is.
 *
 * @param recording - as `readRecording` gives it
 * @param machine - another machine than the production one
 */
export function replay(recording: Recording, machine: ForgeSessionResumeMachine = forgeSessionResumeMachine): Replay {
  const { header, records } = recording;
  const steps = records.filter((record): record is StepRecord => record.kind === 'step' && record.from !== null);
  let snapshot: AnyMachineSnapshot = initialTransition(machine, header.input)[0];
  const states = [stateName(snapshot)];
  let differsAt: Replay['differsAt'] = null;
  for (const left = [...steps]; snapshot.status === 'active'; ) {
    const here = snapshot;
    const next = left.findIndex((step) => takes(here, eventOf(step)));
    const [step] = next < 0 ? [] : left.splice(next, 1);
    if (step === undefined) break;
    snapshot = transition(machine, here as never, eventOf(step) as never)[0] as AnyMachineSnapshot;
    states.push(stateName(snapshot));
    const isOther = next > 0 || step.to !== stateName(snapshot);
    if (isOther) differsAt ??= { n: step.n, recorded: step.to, today: stateName(snapshot) };
  }
  const end = records.find((record): record is EndRecord => record.kind === 'end');
  const output: MachineOutput | null = snapshot.status === 'done' ? snapshot.output : null;
  return { verdict: verdictOf(output, end, differsAt), states, output, differsAt };
}

function verdictOf(
  output: MachineOutput | null,
  end: EndRecord | undefined,
  differs: Replay['differsAt'],
): Replay['verdict'] {
  if (end === undefined || end.output === null) return differs === null ? 'unfinished' : 'other';
  if (output === null) return 'stuck';
  return canonical(output) === canonical(end.output) ? 'same' : 'other';
}

/** Whether the machine takes an event where it is; what a hostile answer makes of a guard is none. */
function takes(snapshot: AnyMachineSnapshot, event: AnyEventObject): boolean {
  try {
    return transitionTaken(snapshot, event) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The event by which the machine heard of a step.
 *
 * @param step - as recorded
 */
export function eventOf({ event, actor, output, code }: StepRecord): AnyEventObject {
  if (actor === null) return { type: event };
  return { type: event, actorId: actor, ...(code === undefined ? { output } : { error: { code } }) };
}

/** JSON whose keys have one order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
