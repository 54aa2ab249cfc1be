import { messageOf } from '../../../errors.ts';
import { reasons } from '../../../rules/protocol.ts';
import { exitCodes } from '../../exit-codes.ts';
import { fail, refuseUse } from '../../fail.ts';
import { findRoot } from '../../find-root.ts';
import { PolicyWordError, type PolicyWords, readPolicies } from '../../policy-switches.ts';
import { printable } from '../../printable.ts';
import { storeOf } from '../../store/store-of.ts';
import { writeAll } from '../../write-all.ts';
import { refuseMissing } from '../refuse-missing.ts';
import { storeWhyOf } from './store-why.ts';
import { whyOf } from './why-facts.ts';
import { whyText } from './why-text.ts';

/** Options of `forge-resume why`. */
export interface WhyOptions extends PolicyWords {
  readonly stateDir?: string;
  readonly sessionId?: string;
  readonly threadId?: string;
  readonly json?: boolean;
  readonly exitCode?: boolean;
  /** The last decisions instead, so many; true for some. */
  readonly last?: number | true;
}

/**
 * Says what a call would come to now, why, and what would change it (`forge-resume why`).
 *
 * @param session - the session from which the call would come; else it is found as a call finds it
 * @param options - what the command line said
 * @param command - as which command it was typed
 * @returns the exit code
 */
export async function whyCommand(
  session: string | undefined,
  options: WhyOptions,
  command: 'why' | 'reconcile' = 'why',
): Promise<number> {
  const { json = false, exitCode = false, sessionId, threadId } = options;
  if (options.last !== undefined) {
    const { last } = options;
    return await (await import('./last-command.ts')).lastCommand(session, { ...options, last });
  }
  try {
    const policies = readPolicies(options, process.env);
    const root = findRoot(options.stateDir);
    if (options.stateDir === undefined) refuseMissing(root.stateDir);
    const question = { root, session, sessionId, threadId, policies, env: process.env };
    const store = await storeOf(root.stateDir);
    const why = await (store === undefined ? whyOf(question) : storeWhyOf(store, question));
    if (session !== undefined && why.session !== session)
      throw new Error(`there is no session ${session} in ${root.stateDir}; forge-resume status lists those with a run`);
    await writeAll(json ? `${printable(JSON.stringify(why))}\n` : whyText(why));
    return exitCode && why.reason !== reasons.resumed ? exitCodes.findings : exitCodes.ok;
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof PolicyWordError) return refuseUse(command, message, json);
    return fail(command, message, json);
  }
}
