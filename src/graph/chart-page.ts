/**
 * The page about the chart that stands beside it, `machines/README.md`.
 *
 * @returns Markdown, with a final newline
 */
export function renderChartPage(): string {
  return `# The statechart of the hand-over

\`forge-session-resume.ts\` is the whole orchestration of a call: every state it can be in, every way on. The states
below \`locked\` are entered by one call of a host at a time.

![The statechart of the hand-over](forge-session-resume.svg)

A box is a state, and each of its rows a way on: the guard that lets it pass, and the state that it leads to. Guards are
asked from top to bottom; \`else\` is what is left. Each state runs the actor of its name; where an actor is called
otherwise, the box says so. The states of a caller's three hooks are entered only where the hook is given: the input's
\`hooks\` names those that are. A row \`done\` asks nothing: the actor has answered. The rows that begin with \`error\` are for
an actor that failed; they have no lines, so that the others can be followed. A dot with an arrow marks the state that
is entered first, a second frame where a call ends. What the guards decide by stands in
[the rules](../src/rules/README.md), what the actors do in [the protocol](../src/store/file/README.md).

Page and picture are generated from the machine, and a test fails when one is stale. To write them anew:

\`\`\`sh
npx vitest run --config test/vitest.config.ts test/graph -u
\`\`\`

## Other ways to look at it

- \`forge-resume graph --format svg\` prints the picture above, \`--format json\` the chart as data. \`--format mermaid\` is
  for pages that draw Mermaid themselves, \`--format dot\` for Graphviz.
- \`forge-resume paths\` lists the ways through it that the tests walk, \`--json\` for programs.
- In Stately's editor: paste what \`forge-resume graph --format xstate\` prints, a \`createMachine\` with actors, guards and
  actions by name. Its extension for VS Code opens \`forge-session-resume.ts\` itself, in which names and chart stand, the
  configuration inline.
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
