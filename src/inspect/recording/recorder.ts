import type { AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition, InspectionEvent } from 'xstate';
import type { MachineInput, MachineOutput } from '../../../machines/contract.ts';
import { codeOf } from '../../../machines/guards.ts';
import { hearGuards, takeAnswers } from '../../../machines/hear-guards.ts';
import { nameOfPart, transitionId } from '../../graph/chart.ts';
import { stateName } from '../../graph/state-name.ts';
import { ActorWatch } from './actor-watch.ts';
import { answerOf } from './answer-of.ts';
import { changesBetween } from './context-changes.ts';
import type { Draft } from './draft.ts';
import type { RecordedError } from './format.ts';
import type { LookTime } from './look-records.ts';
import type { RecordWriter } from './record-writer.ts';
import { statesJson } from './recorded-chart.ts';
import { RunWatch } from './run-watch.ts';

/** What a recorder is made of. */
export interface RecorderParts {
  readonly writer: RecordWriter;
  readonly full: boolean;
  readonly input: MachineInput;
  /** The text of a session's run; undefined where it cannot be read. */
  readonly readRun: (session: string) => string | undefined;
  /** When the call's look ended, and how long that took, milliseconds since it began. */
  readonly look: LookTime;
}

/** How a recorded call ended. */
export interface RecordedEnd {
  readonly error?: RecordedError | undefined;
  readonly warnings?: readonly string[] | undefined;
}

type RootEvent = { readonly type: string; readonly output?: unknown; readonly error?: unknown };

/** Turns what XState tells about one run of the machine into records. */
export class Recorder {
  readonly #writer: RecordWriter;
  readonly #look: LookTime;
  readonly #actors: ActorWatch;
  readonly #runs: RunWatch;
  #flushed = 0;
  #output: MachineOutput | null = null;
  #before: AnyMachineSnapshot | undefined;
  /** Name of the state that the machine is in; null before it has one. */
  #state: string | null = null;
  /** When the machine heard of the event that it is about to act on. */
  #heard = 0;
  /** What XState told of a step before it told of the step itself. */
  #early: Draft[] | undefined = [];
  #hasEnded = false;

  constructor({ writer, full, input, readRun, look }: RecorderParts) {
    this.#writer = writer;
    this.#look = look;
    this.#actors = new ActorWatch();
    this.#runs = new RunWatch(readRun, full, input);
    hearGuards();
  }

  /** An observer for XState's `inspect`. */
  readonly inspect = (event: InspectionEvent): void => {
    if (this.#hasEnded) return;
    const isRoot = event.actorRef.sessionId === event.rootId;
    if (event.type === '@xstate.event' && isRoot) this.#hear(event.event);
    else if (event.type === '@xstate.event' && event.event.type === 'xstate.init') this.#startActor(event);
    else if (event.type === '@xstate.microstep' && isRoot) {
      this.#step(event.event, event.snapshot as AnyMachineSnapshot, event._transitions[0]);
    } else if (event.type === '@xstate.snapshot' && isRoot) this.#rest(event);
    else if (event.type === '@xstate.snapshot' && event.snapshot.status === 'stopped') {
      this.#put(this.#actors.stop(event.actorRef, this.#writer.now()));
    }
  };

  /**
   * Ends the recording.
   *
   * @returns why not everything could be recorded; undefined where it could
   */
  end({ error, warnings = [] }: RecordedEnd): string | undefined {
    if (this.#hasEnded) return undefined;
    this.#flushEarly();
    this.#put({
      kind: 'end',
      t: this.#writer.now(),
      reason: error === undefined ? (this.#output?.reason ?? null) : null,
      output: this.#output,
      ...(error === undefined ? {} : { error }),
      ...(warnings.length === 0 ? {} : { warnings }),
    });
    this.#hasEnded = true;
    return this.#writer.close();
  }

  #hear(event: RootEvent): void {
    this.#flushEarly();
    this.#heard = this.#writer.now();
    const done = this.#actors.end(event, this.#heard);
    this.#put(done?.actor === 'look' ? { ...done, ...this.#look } : done);
    // Before the next actor may write.
    for (const draft of this.#runs.meet(event.output, this.#heard)) this.#put(draft);
    this.#early = [];
  }

  #startActor({ actorRef, event }: InspectionEvent & { readonly type: '@xstate.event' }): void {
    const t = this.#writer.now();
    // The lock is still held.
    if ((actorRef as { id?: string }).id === 'release') for (const draft of this.#runs.leave(t)) this.#put(draft);
    const started = this.#actors.start(actorRef, (event as { input?: unknown }).input, t);
    // The call looked before the machine was there, which begins with the answer.
    this.#put(started.actor === 'look' ? { ...started, t: 0 } : started);
  }

  #step(event: RootEvent, after: AnyMachineSnapshot, taken: AnyTransitionDefinition | undefined): void {
    const before = this.#before;
    const from = this.#state;
    const to = stateName(after);
    this.#state = to;
    const transition = taken === undefined ? null : transitionId(taken);
    this.#before = after;
    if (after.status === 'done') this.#output = after.output as MachineOutput;
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#put({
      kind: 'step',
      t: from === null ? 0 : this.#heard,
      event: event.type,
      actor: answerOf(event.type)?.actor ?? null,
      ...(event.output === undefined ? {} : { output: event.output }),
      ...(event.error === undefined ? {} : { code: codeOf(event.error) }),
      from,
      to,
      transition,
      guards: takeAnswers(event),
      actions: actionsOf(taken, before, after),
      changes: changesBetween(before?.context ?? {}, after.context),
    });
    for (const draft of early) this.#put(draft);
  }

  #rest({ event, snapshot }: InspectionEvent & { readonly type: '@xstate.snapshot' }): void {
    // XState tells of no microstep at the start.
    if (this.#before === undefined && event.type === 'xstate.init') {
      this.#writer.putChart(statesJson((snapshot as AnyMachineSnapshot).machine));
      this.#step({ type: event.type }, snapshot as AnyMachineSnapshot, undefined);
    }
    this.#flushEarly();
    const now = this.#writer.now();
    // What is about to be written may be the last that this process does.
    if (now - this.#flushed < flushMs && !isWriting(this.#state ?? '')) return;
    this.#flushed = now;
    this.#writer.flush();
  }

  #flushEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const draft of early) this.#put(draft);
  }

  #put(draft: Draft | undefined): void {
    if (draft === undefined) return;
    if (this.#early === undefined) this.#writer.put(draft);
    else this.#early.push(draft);
  }
}

/** Longest time that a record waits for others before it is written, milliseconds. */
const flushMs = 5;
const isWriting = (state: string): boolean => /^locked\.(?:transfer|rollback|updateOwner|retireCopies)/.test(state);

/** What XState runs for a step: the transition's actions, then those of the states that are entered. */
function actionsOf(
  taken: AnyTransitionDefinition | undefined,
  before: AnyMachineSnapshot | undefined,
  after: AnyMachineSnapshot,
): string[] {
  const nodes: readonly AnyStateNode[] = after._nodes;
  const left: readonly AnyStateNode[] = before?._nodes ?? [];
  const entered = nodes.filter((node) => node.parent !== undefined && !left.includes(node));
  const parts: readonly unknown[] = [...(taken?.actions ?? []), ...entered.flatMap(({ entry }) => entry)];
  return parts.map(nameOfPart).filter((name) => name !== '');
}
