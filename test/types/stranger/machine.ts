/** What an XState user may rely on in the machine. */
import { createActor, fromPromise, SimulatedClock, type SnapshotFrom, setup } from 'xstate';
import {
  type ActorInput,
  type Actors,
  forgeSessionResumeMachine,
  type MachineContext,
  type MachineOutput,
  provideActors,
  type ReadCurrentOutput,
} from '../../../src/machine.ts';

const input = { payloadSessionId: 's1', payloadThreadId: '' };

/** Actors of one's own. */
export const provided = forgeSessionResumeMachine.provide({
  actors: {
    readCurrent: fromPromise<ReadCurrentOutput, ActorInput<'readCurrent'>>(async ({ input: { payloadSessionId } }) =>
      payloadSessionId === '' ? { kind: 'missing' } : { kind: 'absent', current: { id: 'now', location: 'row 7' } },
    ),
  },
});

forgeSessionResumeMachine.provide({
  // @ts-expect-error a misspelt actor
  actors: { readCurent: fromPromise<ReadCurrentOutput, ActorInput<'readCurrent'>>(async () => ({ kind: 'missing' })) },
});
forgeSessionResumeMachine.provide({
  // @ts-expect-error an answer of a kind that the actor does not have
  actors: { readCurrent: fromPromise<{ kind: 'gone' }, ActorInput<'readCurrent'>>(async () => ({ kind: 'gone' })) },
});
forgeSessionResumeMachine.provide({
  // @ts-expect-error an input that the actor is not given
  actors: { release: fromPromise<{ kind: 'released' }, { handle: string }>(async () => ({ kind: 'released' })) },
});
// @ts-expect-error a misspelt guard
forgeSessionResumeMachine.provide({ guards: { lockHeldd: () => true } });
// @ts-expect-error a misspelt delay
forgeSessionResumeMachine.provide({ delays: { lockTimeoutt: 1 } });

/** Where it is, and what it knows. */
export const look = (snapshot: SnapshotFrom<typeof forgeSessionResumeMachine>): string => {
  const isIn: boolean = snapshot.matches('look') || snapshot.matches({ locked: { transfer: 'writeSource' } });
  // @ts-expect-error an unknown state
  snapshot.matches('lok');
  // @ts-expect-error an unknown state within one that there is
  snapshot.matches({ locked: { transfer: 'writeSorce' } });
  // @ts-expect-error an unknown value
  if (snapshot.value === 'finished') return '';
  const context: MachineContext = snapshot.context;
  const output: MachineOutput | undefined = snapshot.output;
  return `${isIn} ${context.current?.location ?? ''} ${output?.reason ?? ''}`;
};

/** All actors at once. */
export const start = (actors: Actors): MachineOutput | undefined => {
  const actor = createActor(provideActors(actors), { input, clock: new SimulatedClock() });
  // @ts-expect-error an input without a field
  createActor(provideActors(actors), { input: { payloadSessionId: 's1' } });
  // @ts-expect-error one actor missing
  provideActors({ ...actors, release: undefined });
  // @ts-expect-error an actor with a wrong answer
  provideActors({ ...actors, commit: () => ({ kind: 'done' }) });
  return actor.start().getSnapshot().output;
};

/** As a part of a larger machine. */
export const runtime = setup({ actors: { handOver: forgeSessionResumeMachine } }).createMachine({
  invoke: { src: 'handOver', input, onDone: { actions: ({ event }) => console.log(event.output.reason) } },
});
