import { messageOf } from '../../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { fail } from '../../fail.ts';
import { findRoot } from '../../find-root.ts';
import { printable } from '../../printable.ts';
import { writeAll } from '../../write-all.ts';
import { complain } from '../../write-line.ts';
import { type History, historyOf } from '../history/history-facts.ts';
import { noteAbout } from '../history/history-text.ts';
import { storePastOf } from '../history/store-past.ts';
import { refuseMissing } from '../refuse-missing.ts';
import { shellWords } from '../shell-words.ts';
import { type PastDecision, pastDecision } from './past-decision.ts';

/** What the command line says beside `--last`. */
export interface LastOptions {
  readonly stateDir?: string;
  /** How many; true for some. */
  readonly last: number | true;
  readonly json?: boolean;
}

/** How many are shown where nobody says how many. */
const some = 5;

/** A decision, when it was made, for which session and how often in a row. */
type Decision = History['events'][number] & PastDecision;

/**
 * Says what calls decided the last times, and why, newest first (`forge-resume why --last`).
 *
 * @param session - only what is about this one
 * @param options - what the command line said
 * @returns the exit code
 */
export async function lastCommand(session: string | undefined, options: LastOptions): Promise<number> {
  const { json = false, last, stateDir } = options;
  try {
    const root = findRoot(stateDir);
    refuseMissing(root.stateDir);
    const limit = last === true ? some : last;
    const past = await storePastOf(root.stateDir, process.env, { session, limit });
    const history = historyOf({ root, session, limit, all: true, past });
    const decisions = history.events.map((event): Decision => ({ ...event, ...pastDecision(event, root.stateDir) }));
    await writeAll(json ? `${printable(JSON.stringify(forPrograms(history, decisions)))}\n` : text(history, decisions));
    if (past?.trouble !== undefined) complain(`forge-resume why: ${past.trouble}`);
    return exitCodes.ok;
  } catch (error) {
    return fail('why', messageOf(error), json);
  }
}

function forPrograms({ root, others, unreadable, store }: History, decisions: readonly Decision[]): object {
  // What the answer and the cause say already is left to history.
  const shown = decisions.map(({ message, conversation, pid, transferId, ...decision }) => decision);
  return { schema: 1, root, others, decisions: shown, unreadable, store };
}

function text({ root, others, unreadable, store }: History, decisions: readonly Decision[]): string {
  const parts = decisions.flatMap(({ at, count, firstAt, answer, cause, command }) => [
    `${instant(at)}${count === 1 ? '' : `, ${count} times since ${instant(firstAt)}`}`,
    answer,
    cause,
    ...(command === null ? [] : [`What to do: ${shellWords(command)}`]),
    '',
  ]);
  const none = ['Nothing is on record. With FORGE_RESUME_LOG=all every call of an agent is.', ''];
  const where = `Asked in ${root}${others.length === 0 ? '' : `; not in ${others.join(', ')}`}`;
  const inStore = store === undefined ? [] : [`The runs are in ${store.url}, project ${store.project}`];
  return [...(decisions.length === 0 ? none : parts), where, ...inStore, ...noteAbout(unreadable)]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** UTC, to the second. */
const instant = (at: string): string => `${at.slice(0, 19)}Z`;
