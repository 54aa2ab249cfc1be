import { renderGraph } from './render.ts';

/**
 * The page about the chart that stands beside it, `machines/README.md`.
 *
 * @returns Markdown, with a final newline
 */
export function renderChartPage(): string {
  return `# The statechart of the hand-over

\`forge-session-resume.ts\` is the whole orchestration of a call: every state it can be in, every way on. The states
below \`locked\` are entered by one call of a host at a time. Each state invokes the actor of its name; where an arrow
says only the actor's name, the actor answered and no guard asks further. What the guards decide by stands in
[the rules](../src/rules/README.md), what the actors do in [the protocol](../src/store/file/README.md).

\`\`\`mermaid
${renderGraph('mermaid')}\`\`\`

This page is generated from the machine, and a test fails when it is stale. To write it anew:

\`\`\`sh
npx vitest run --config test/vitest.config.ts test/graph -u
\`\`\`

## Other ways to look at it

- \`forge-resume graph --format mermaid|dot|json\` prints it; \`forge-resume graph --format dot | dot -Tsvg\` makes a
  picture with Graphviz.
- \`forge-resume paths\` lists the ways through it that the tests walk, \`--json\` for programs.
- In Stately's editor (its web application, or its extension for VS Code): open \`forge-session-resume.ts\`; names and
  chart stand in that one file, the configuration is inline.
- A running call shows its states through the option \`inspect\` of \`reconcileForgeSessionResume\`, which is XState's own
  (\`createInspector(…).inspect\` of \`@statelyai/inspect\` fits); watched or not, the same engine runs the same chart.
- In code: \`provide\`, \`matches\` and \`value\` of \`forgeSessionResumeMachine\` are typed, and
  [XState's path functions](../src/testing/README.md#with-xstates-own-functions) can search it.
- What each actor owes: [the table](../src/testing/README.md#what-each-actor-owes).

## What runs it

XState 5 runs every call that takes the lock. The state \`look\` comes first: it answers, without a lock and without
writing anything, what needs neither, by the guards of \`guards.ts\`, in the order in which the chart asks them. A call
that nobody watches asks the look before it loads XState and ends there where it can; every other one starts the
machine with the look's answer.
`;
}
