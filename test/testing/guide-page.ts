/** The kit's page, with the code of the example that the tests run. */
import { readFileSync } from 'node:fs';
import { graphCoverage } from '../../src/graph/coverage.ts';
import { resumePaths } from '../../src/graph/paths.ts';

const example = (name: string): string =>
  readFileSync(new URL(`./example/${name}`, import.meta.url), 'utf8')
    .replaceAll('../../../src/testing/index.ts', 'forge-session-resume/testing')
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
npm i forge-session-resume
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
there the kit answers for the actor.

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

\`createFileWorld()\` is the world of the file store. Its \`alter\` changes single actors, so that a store that stands on the file
store, or a pane look-up of your own, needs no world of its own.
`;
}
