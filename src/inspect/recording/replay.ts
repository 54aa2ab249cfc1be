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
    const index = left.findIndex((step) => follow(machine, here, step) !== undefined);
    const [step] = index < 0 ? [] : left.splice(index, 1);
    if (step === undefined) break;
    snapshot = follow(machine, here, step) ?? here;
    const today = stateName(snapshot);
    states.push(today);
    if (index > 0 || step.to !== today) differsAt ??= { n: step.n, recorded: step.to, today };
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

/** Where a step's event takes the machine; nowhere where it does not wait for it, or can make nothing of the answer. */
function follow(
  machine: ForgeSessionResumeMachine,
  snapshot: AnyMachineSnapshot,
  step: StepRecord,
): AnyMachineSnapshot | undefined {
  const event = eventOf(step);
  try {
    if (transitionTaken(snapshot, event) === undefined) return undefined;
    return transition(machine, snapshot as never, event as never)[0];
  } catch {
    return undefined;
  }
}

/** The event by which the machine heard of a step. */
function eventOf({ event, actor, output, code }: StepRecord): AnyEventObject {
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
