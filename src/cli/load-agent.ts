/** Answers an agent's payload, as `agent.ts` does. */
export type Agent = typeof import('./agent.ts').runAgent;

/** Loads what an agent's two ways in need where there is something to do; most projects of a person are none of ours. */
export async function loadAgent(): Promise<Agent> {
  return (await import('./agent.ts')).runAgent;
}
