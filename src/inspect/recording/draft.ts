import type { FlatRecord } from './format.ts';

type Unnumbered<R> = R extends unknown ? Omit<R, 'n' | 't'> : never;

/** A record before it gets its number, and its time unless it happened earlier. */
export type Draft = Unnumbered<FlatRecord> & { readonly t?: number };
