/**
 * What the bundled call gets for `xstate`: enough that the machine's file gives its configuration away, which is all
 * that the interpreter takes. Loading and starting XState itself takes longer than the whole call that follows. A
 * test holds the two to the same configuration.
 */

/** XState's `setup`, of which only the configuration is wanted. */
export const setup = () => ({ createMachine: <Config>(config: Config): { config: Config } => ({ config }) });

const nothing = (): undefined => undefined;

export { nothing as assign, nothing as fromCallback, nothing as fromPromise };
