import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail, refuseUse } from '../fail.ts';
import { findRoot } from '../find-root.ts';
import { PolicyWordError, type PolicyWords, readSessionFrom } from '../policy-switches.ts';
import { printable } from '../printable.ts';
import { storeOf } from '../store/store-of.ts';
import { writeAll } from '../write-all.ts';
import { painter } from './paint.ts';
import { refuseMissing } from './refuse-missing.ts';
import { statusOf } from './status-facts.ts';
import { statusText } from './status-text.ts';
import { storeStatusOf } from './store-status.ts';

/** Options of `forge-resume status`. */
export interface StatusOptions extends Pick<PolicyWords, 'sessionFrom'> {
  readonly stateDir?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** How often `--watch` looks, milliseconds. */
const watchMs = 1_000;
/** Clears a terminal: cursor home, the rest of the screen, and what was scrolled off. */
const clear = '\u001b[H\u001b[2J\u001b[3J';

/**
 * Shows every run of a project (`forge-resume status`).
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function statusCommand(options: StatusOptions): Promise<number> {
  const { json = false, watch = false } = options;
  try {
    const policies = readSessionFrom(options, process.env);
    const root = findRoot(options.stateDir);
    refuseMissing(root.stateDir);
    const store = await storeOf(root.stateDir);
    const isTerminal = process.stdout.isTTY === true;
    const paint = painter(isTerminal, process.env);
    const show = async (): Promise<string> => {
      const now = Date.now();
      const status = await (store === undefined
        ? statusOf(root, process.env, { now, policies })
        : storeStatusOf(store, root, process.env, policies));
      return json ? `${printable(JSON.stringify(status))}\n` : statusText(status, paint, now);
    };
    if (watch) await showAgain(show, isTerminal && !json ? clear : '');
    else await writeAll(await show());
    return exitCodes.ok;
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof PolicyWordError) return refuseUse('status', message, json);
    return fail('status', message, json);
  }
}

/** Shows it whenever it has changed, until somebody stops it or nobody reads any more. */
async function showAgain(show: () => Promise<string>, before: string): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  once(process.stdout, 'error', { signal: stop.signal }).then(end, end);
  let last = '';
  while (!stop.signal.aborted) {
    const text = await show();
    if (text !== last) await writeAll(before + text);
    last = text;
    await pause(watchMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  process.removeListener('SIGINT', end);
}
