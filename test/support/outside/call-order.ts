/** What other processes are asked for and answer. JSON-safe. */
import type { Ask, Told } from './subject.ts';

/** What a hook of a call does to the process that makes it. */
export type Deed = 'chdir' | 'kill' | 'stop' | 'throw' | 'wait';

/** One call of another process. */
export interface CallOrder extends Omit<Ask, 'hooks' | 'signal'> {
  /** Hook to deed. */
  readonly deeds?: Readonly<Record<string, Deed>>;
  /** Shows in a trace where the call begins and ends. */
  readonly mark?: string;
}

/** What came of a call. */
export interface CallAnswer {
  readonly result?: Told;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string; readonly cause: string };
  /** Duration without the time that other programs had, milliseconds. */
  readonly millis: number;
}

/** How a caller is started. */
export interface CallerOptions {
  /** User and group of the process; our own by default. */
  readonly uid?: number;
  /** Program and arguments that start Node, before Node's own path. */
  readonly launcher?: readonly string[];
  /** Arguments of Node. */
  readonly nodeArgs?: readonly string[];
  /** Environment of the process beside `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}
