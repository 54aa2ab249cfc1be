import fs from 'node:fs';

/** A line of the log: a call began, or was answered; `at` by the clock that all processes of a host share. */
export type CallLine =
  | {
      readonly kind: 'begin';
      readonly id: string;
      /** The session that called. */
      readonly current: string;
      /** The conversation that it called for. */
      readonly session: string;
      readonly at: bigint;
    }
  | { readonly kind: 'end'; readonly id: string; readonly answer: string; readonly at: bigint };

/** A call as the log tells it; one whose process was killed has no answer. */
export interface LoggedCall {
  readonly id: string;
  readonly current: string;
  readonly session: string;
  readonly from: bigint;
  readonly to?: bigint;
  readonly answer?: string;
}

/**
 * Appends a line; a single write in append mode, so that lines of many processes never mix.
 *
 * @param path - the log
 * @param line - what happened
 */
export function logCall(path: string, line: CallLine): void {
  fs.appendFileSync(path, `${JSON.stringify({ ...line, at: String(line.at) })}\n`);
}

/**
 * Reads the log.
 *
 * @param path - the log
 */
export function readCalls(path: string): readonly LoggedCall[] {
  const calls = new Map<string, LoggedCall>();
  for (const text of fs.readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as Omit<CallLine, 'at'> & { at: string } & Record<string, string>;
    const { id, at, current = '', session = '', answer = '' } = line;
    const begun = calls.get(id);
    if (line.kind === 'begin' && begun !== undefined) throw new Error(`two calls of the log are named ${id}`);
    if (line.kind === 'begin') calls.set(id, { id, current, session, from: BigInt(at) });
    else if (begun !== undefined) calls.set(id, { ...begun, to: BigInt(at), answer });
  }
  return [...calls.values()];
}
