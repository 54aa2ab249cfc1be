import type { FlatRecord } from './format.ts';

type Unnumbered<R> = R extends unknown ? Omit<R, 'n'> : never;

/** A record before it gets its number. `kind` and `t` come first, as in the file. */
export type Draft = Unnumbered<FlatRecord>;
