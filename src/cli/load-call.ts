/** The one function of the library that the program calls. */
export type Call = typeof import('../reconcile.ts').reconcileForgeSessionResume;

/** Loads the call where an agent's payload asks for it; most processes of a hook find nothing to do and never do. */
export async function loadCall(): Promise<Call> {
  return (await import('../reconcile.ts')).reconcileForgeSessionResume;
}
