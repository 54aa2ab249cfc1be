/** What `inspect` takes: whatever XState's own option does. */
import { createBrowserInspector, createInspector } from '@statelyai/inspect';
import { type ActorOptions, type AnyActorLogic, createActor, type InspectionEvent } from 'xstate';
import { reconcileForgeSessionResume } from '../../../src/index.ts';
import { type Actors, provideActors, runForgeSessionResume } from '../../../src/machine.ts';

const stateDir = '/project/.rcs/state';
const input = { payloadSessionId: 's1', payloadThreadId: '' };

export const watched = async (actors: Actors, itsOwn: ActorOptions<AnyActorLogic>['inspect']): Promise<void> => {
  const inspector = createInspector({ send: () => undefined });
  await reconcileForgeSessionResume({ stateDir, inspect: inspector.inspect });
  await reconcileForgeSessionResume({ stateDir, inspect: createBrowserInspector().inspect });
  await reconcileForgeSessionResume({ stateDir, inspect: { next: (event) => console.log(event.type) } });
  await reconcileForgeSessionResume({ stateDir, inspect: (event: InspectionEvent) => console.log(event.rootId) });
  await reconcileForgeSessionResume({ stateDir, inspect: itsOwn });
  await runForgeSessionResume({ actors, input, inspect: inspector.inspect });
  createActor(provideActors(actors), { input, inspect: inspector.inspect });
  // @ts-expect-error neither a function nor an observer
  await reconcileForgeSessionResume({ stateDir, inspect: 'https://example.com' });
};
