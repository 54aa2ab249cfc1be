import { compile, runModule } from './code-cache.ts';
import type { Agent } from './load-agent.ts';

declare const require: NodeJS.Require;

/** What the bundled program gets for `load-agent.ts`: the same, from its code cache and past module resolution. */
export async function loadAgent(): Promise<Agent> {
  const file = `${__dirname}/agent.cjs`;
  return (runModule(compile(file).script, file, require) as { runAgent: Agent }).runAgent;
}
