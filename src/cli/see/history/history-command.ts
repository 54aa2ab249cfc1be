import { messageOf } from '../../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { fail } from '../../fail.ts';
import { findRoot } from '../../find-root.ts';
import { printable } from '../../printable.ts';
import { writeAll } from '../../write-all.ts';
import { complain } from '../../write-line.ts';
import { painter } from '../paint.ts';
import { refuseMissing } from '../refuse-missing.ts';
import { type History, historyOf } from './history-facts.ts';
import { historyText } from './history-text.ts';
import { storePastOf } from './store-past.ts';

/** Options of `forge-resume history`. */
export interface HistoryOptions {
  readonly stateDir?: string;
  readonly session?: string;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * Shows what happened to the runs of a project (`forge-resume history`).
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function historyCommand(options: HistoryOptions): Promise<number> {
  const { json = false, stateDir, ...wanted } = options;
  try {
    const root = findRoot(stateDir);
    refuseMissing(root.stateDir);
    const past = await storePastOf(root.stateDir, process.env, wanted);
    const history = historyOf({ root, ...wanted, past });
    if (json) await writeAll(`${printable(JSON.stringify(forPrograms(history)))}\n`);
    else await writeAll(historyText(history, painter(process.stdout.isTTY === true, process.env), Date.now()));
    if (past?.trouble !== undefined) complain(`forge-resume history: ${past.trouble}`);
    return exitCodes.ok;
  } catch (error) {
    return fail('history', messageOf(error), json);
  }
}

/** Messages of errors are left to `why --last`. */
const forPrograms = ({ events, ...history }: History): object => ({
  schema: 1,
  ...history,
  events: events.map(({ message: _message, ...event }) => event),
});
