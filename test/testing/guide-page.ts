/** The kit's page, with the code of the example that the tests run. */
import { readFileSync } from 'node:fs';
import { graphCoverage } from '../../src/graph/coverage.ts';
import { resumePaths } from '../../src/graph/paths.ts';
import { renderActorTable } from './actor-table.ts';

const example = (name: string): string =>
  readFileSync(new URL(`./example/${name}`, import.meta.url), 'utf8')
    .replaceAll('../../../src/testing/index.ts', 'forge-session-resume/testing')
    .replaceAll('../../../src/machine.ts', 'forge-session-resume/machine')
    .replaceAll('../../../src/index.ts', 'forge-session-resume')
    .trimEnd();

const figures = (): string => {
  const { states, transitions, guardOutcomes, transitionPairs } = graphCoverage(resumePaths());
  const share = (name: string, { covered, total }: { covered: number; total: number }): string =>
    `| ${name} | ${covered} of ${total} |`;
  return [
    '| covered by all paths | |',
    '| --- | --- |',
    share('states', states),
    share('transitions', transitions),
    share('guard outcomes', guardOutcomes),
    share('pairs of transitions', transitionPairs),
  ].join('\n');
};

/** Markdown, with a final newline. */
export function renderGuidePage(): string {
  return `# Testing a store of your own

A runtime can bring its own actors to the statechart: another store, another multiplexer. This kit runs them through
every path of the machine, with the real machine and your real store, and says where they do not do what it counts on.
It works with any test runner; this page uses Vitest.

\`\`\`sh
npm i /path/to/forge-session-resume-0.1.0.tgz
npm i -D vitest
\`\`\`

Three files are enough. The first is the store: the actors of one call, each a plain function. This one keeps runs in
a table in memory, as a database would.

\`\`\`ts
// memory-store.ts
${example('memory-store.ts')}
\`\`\`

The second is the world: a scratch place in which each path can be arranged. \`arrange\` is given the path and returns what
is called right before each actor runs, with the outcome that the path wants; there the world around the call interferes,
as other programs do: it takes the lock, starts a run, changes the source. What a store cannot be brought to is a fault:
there the kit answers for the actor. The prior runs must be there as soon as \`arrange\` returns, since calls that die
on their way are not interfered with.

\`\`\`ts
// memory-world.ts
${example('memory-world.ts')}
\`\`\`

The third runs it.

\`\`\`ts
// memory-store.test.ts
${example('memory-store.test.ts')}
\`\`\`

\`\`\`sh
npx vitest run
\`\`\`

The cases are plain functions, \`name\` and \`run\`. Jest needs a flag for ES modules, of which this package is made:
\`NODE_OPTIONS=--experimental-vm-modules npx jest\`.

What your store never does has no place in its tests. A fault would not do: the kit would answer for \`prepare\`, say, and
\`writeTarget\` would miss what your \`prepare\` remembers. So a store that keeps no files beside its runs leaves those paths out:

\`\`\`ts
storeConformance(createWorld, { never: ['prepare: prepared with companions'] });
\`\`\`

The names are those that \`outcomeText\` gives and \`forge-resume paths\` prints.

## When a case fails

- A run that leaves its path shows both sequences of states side by side, and the first step that differs.
- What an actor of yours threw is the error's \`cause\`, and the message names the actor.
- An answer of a kind that the machine does not know is refused: \`the actor acquireLock answered kind "locked"; it may answer
  with held, busy, watched, storeMissing\`. In production as well: a guard would take it for the usual answer.
- An actor that does not answer for 3 s is named: \`it did not go on: readCurrent has not answered\`.

## In production

All cases pass: then the same actors make real calls. \`runForgeSessionResume\` runs the machine with them, as the package's
own call runs it with the file store.

\`\`\`ts
// hand-over.ts
${example('hand-over.ts')}
\`\`\`

- The result is that of [the package's own call](../../README.md#results); \`sourcePath\` and \`targetPath\` are the
  \`location\` of your handles.
- The caller's hooks are actors, too: \`afterLockAcquired\`, \`afterTargetWrite\`, \`afterCommit\`. Give those that you want; the
  state of one that is left out is not entered.
- What an actor throws comes out as the same object, where the call fails because of it. What \`commit\` and
  \`afterCommit\` throw is in \`warnings\`.
- \`signal\` ends a call: before the target is written nothing changes, between the two writes it is rolled back, later it is
  ignored. An actor that is at work is waited for, the two hooks before the commit point are not. What is thrown is the signal's reason.
- \`inspect\` is XState's, a function or an observer, so that \`createInspector(…).inspect\` of \`@statelyai/inspect\` fits;
  what it throws changes nothing. \`clock\` takes the place of the real time for the pauses, as XState's \`SimulatedClock\` does.
- However a call ends, none of its timers is left, and \`keepLock\` is stopped.
- One set of actors is for one call: what a call remembers between its actors is in their closure, as \`planned\` is above.

## What each actor owes

An actor answers with an object that has a \`kind\`, or throws. What it throws ends the call unless the table says otherwise; a
string \`code\` on an error tells the machine what happened, and \`LOCK_LOST\` makes it take the lock again, once. What an actor
has begun it finishes: nothing of it may happen after it has answered. The same stands in the docstrings of
\`Actors\`, where an editor shows it.

${renderActorTable()}

## What is checked

There are ${resumePaths().length} paths. Each run is compared with its path: the states visited, the result or the error, which runs are live
and who wrote them, the lock, what is left over. A run that leaves its path fails with both sequences side by side and
the first step that differs. Then come hand-overs on which calls die: after each actor, once and twice in a row; the next
call must leave the run live exactly once, in the current session.

A message that begins with \`promise 1\` or another number says which of [the promises](../store/file/README.md#promises) the
store did not keep; they are the file store's, and every other store owes them as well.

${figures()}

The guard outcomes and pairs that are not covered cannot happen; \`test/testing/impossible.ts\` says why for each.

## One path, or some

\`\`\`ts
import { graphCoverage, resumePaths, runPath } from 'forge-session-resume/testing';

const paths = resumePaths({ to: 'resumed_same_codex_session', through: 'writeSource: changed' });
for (const path of paths) {
  const world = createMemoryWorld();
  await runPath(path, world);
  world.dispose();
}
console.log(graphCoverage(paths).transitions);
\`\`\`

\`to\` is a final state (\`done\`, \`failed\`, \`timedOut\`), a reason or an error code; \`through\` a state, a transition or an
outcome, as \`forge-resume paths\` prints them; \`filter\` any condition. Time is simulated: no run waits for the lock's time-out,
for the pause between two attempts or for the keep-alive.

## Tests of an integration

Who keeps the file store and wants to test a hook or a call of their own needs no world, only a state directory. This one is
real, in the system's folder for temporary files:

\`\`\`ts
// integration.test.ts
${example('integration.test.ts')}
\`\`\`

## With XState's own functions

\`provideActors(actors)\` of \`forge-session-resume/machine\` gives all actors to the machine at once, for \`createActor\`; single ones
go in by \`forgeSessionResumeMachine.provide\`, whose names and answers are typed, as are \`matches\` and \`value\` of a snapshot.
There the input says which hooks are called, as in \`hooks: ['afterCommit']\`; none are where it names none.
A search through the machine needs its events, and what tells its states apart; by the whole context they do not end:

\`\`\`ts
// shortest-paths.ts
${example('shortest-paths.ts')}
\`\`\`

## The file store, changed

\`createFileWorld()\` is the world of the file store. Its \`alter\` changes single actors, so that a store that stands on the file
store, or a pane look-up of your own, needs no world of its own.
`;
}
