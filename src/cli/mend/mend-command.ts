import { isAbsolute } from 'node:path';
import type { Command } from '../../../machines/contract.ts';
import { codeOf, isTransfer } from '../../../machines/guards.ts';
import { planCommand } from '../../call/plan-command.ts';
import type { ReconcileResult } from '../../call/result.ts';
import { runCall } from '../../call/run-call.ts';
import { messageOf } from '../../errors.ts';
import { commandReasons, type Reason, reasons, stopReasons } from '../../rules/protocol.ts';
import { trimmedText } from '../../rules/text.ts';
import { statePaths } from '../../store/file/files/paths.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail, refuseUse } from '../fail.ts';
import { findRoot } from '../find-root.ts';
import { confirm, isAtTerminal } from '../install/confirm.ts';
import { printable } from '../printable.ts';
import { recordTo, refusedRecord } from '../record-switches.ts';
import { refuseMissing } from '../see/refuse-missing.ts';
import { endedBack, runBack } from '../see/run-back.ts';
import { shellWords } from '../see/shell-words.ts';
import { mendingHint } from '../see/what-mends.ts';
import { sentenceFor } from '../sentences.ts';
import { onStore, storeOf, storeWords } from '../store/store-of.ts';
import { output, writeText } from '../write-line.ts';
import { planText } from './plan-text.ts';
import { refusalText } from './refusal-text.ts';

/** Options of `forge-resume adopt`, `end` and `undo`. */
export interface MendOptions {
  readonly stateDir?: string;
  readonly sessionId?: string;
  readonly threadId?: string;
  readonly into?: string;
  readonly from?: string;
  readonly fromLive?: boolean;
  readonly plan?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** A file, or a folder if it is there or ends in `/`. */
  readonly record?: string;
  readonly full?: boolean;
}

/** What a person asked for on the command line, before a plan is made. */
type Wish = (fromLive: boolean) => Command;

/**
 * Hands over the run of a session that is named (`forge-resume adopt`).
 *
 * @param source - the session
 * @param options - what the command line said
 * @returns the exit code
 */
export const adoptCommand = (source: string, options: MendOptions): Promise<number> =>
  mend('adopt', options, (fromLive) => ({ kind: 'adopt', source, into: options.into, fromLive }));

/**
 * Ends the run of one session (`forge-resume end`).
 *
 * @param session - the session
 * @param options - what the command line said
 * @returns the exit code
 */
export const endCommand = (session: string, options: MendOptions): Promise<number> =>
  mend('end', options, (fromLive) => ({ kind: 'end', session, fromLive }));

/**
 * Gives a run that was handed over back (`forge-resume undo`).
 *
 * @param transferId - the transfer; the last one of the run by default
 * @param options - what the command line said
 * @returns the exit code
 */
export const undoCommand = (transferId: string | undefined, options: MendOptions): Promise<number> =>
  mend('undo', options, (fromLive) => ({ kind: 'undo', session: options.from, transferId, fromLive }));

async function mend(name: Command['kind'], options: MendOptions, wish: Wish): Promise<number> {
  const { json = false, dryRun = false, yes = false } = options;
  const refused = refusedRecord(options);
  if (refused !== undefined) return refuseUse(name, refused, json, { command: name });
  try {
    const root = findRoot(options.stateDir);
    const { stateDir, others } = root;
    refuseMissing(stateDir);
    const store = await storeOf(stateDir);
    // Its owner may not reach the package's files.
    if (store !== undefined && process.geteuid?.() === 0) await onStore(store, ({ loadAhead }) => loadAhead());
    const env = await asOwner(stateDir);
    const ids = { payloadSessionId: trimmedText(options.sessionId), payloadThreadId: trimmedText(options.threadId) };
    const command = wish(options.fromLive === true);
    const question = { stateDir, env, input: { ...ids, command } };
    const plan = await (store === undefined
      ? planCommand(question)
      : onStore(store, ({ planOnPostgres }) => planOnPostgres(store, question)));
    const say = (result?: ReconcileResult): void => {
      const back = backFrom(result, store === undefined ? stateDir : undefined);
      if (json)
        print(JSON.stringify({ schema: 1, command: name, root: stateDir, others, plan, result, undo: back?.undo }));
      else if (result !== undefined) print(sentenceFor(result));
      if (!json && back !== undefined)
        for (const line of [`Kept: ${back.kept}`, ...(back.undo ? [`Back: ${shellWords(back.undo)}`] : [])])
          print(line);
    };
    if (!json) writeText(output.stdout, planText(root, plan, command, store && storeWords(store)));
    if (dryRun || plan.refusal !== null) say();
    if (dryRun) return exitCodes.ok;
    if (plan.refusal !== null) return failed(name, false, refusalText(plan.refusal, plan, command));
    if (options.plan !== undefined && options.plan !== plan.id) return failed(name, json, movedText);
    if (!yes && (json || !isAtTerminal())) return refuseUse(name, nobodyToAsk, json, { command: name });
    if (!yes && !(await confirm('Do this?'))) return failed(name, json, 'nothing was changed');
    const record = recordTo(options.record, options.full ?? false, process.env);
    const call = { stateDir, ...ids, env, companions: 'carry', record } as const;
    const parts = { command: { ...command, plan: plan.id }, caller: { by: name } };
    const result = await (store === undefined
      ? runCall(call, parts)
      : onStore(store, ({ runOnPostgres }) => runOnPostgres(store, call, parts)));
    say(result);
    // Where a session has the run that it is to get, the call has seen to it that this stands.
    const isThere = plan.from?.session === plan.to?.session && result.reason === reasons.currentActive;
    return isThere ? exitCodes.ok : exitOf(result.reason);
  } catch (error) {
    const code = codeOf(error);
    return failed(name, json, `${code}: ${messageOf(error)}${mendingHint(code, options.stateDir)}`);
  }
}

/** Where the bytes of a run are that was ended, and what puts them back, where that is on this host. */
function backFrom(
  result: ReconcileResult | undefined,
  stateDir: string | undefined,
): { kept: string; undo?: readonly string[] } | undefined {
  const [run] = result?.ended ?? [];
  if (run?.stopReason !== stopReasons.byUser || run.kept === undefined) return undefined;
  const { kept, session, location } = run;
  if (stateDir === undefined) return { kept, ...(isAbsolute(location) && { undo: runBack(kept, location) }) };
  return { kept, undo: endedBack(statePaths(stateDir), session, kept) };
}

const print = (line: string): void => writeText(output.stdout, `${printable(line)}\n`);

async function asOwner(stateDir: string): Promise<NodeJS.ProcessEnv> {
  if (process.geteuid?.() !== 0) return process.env;
  return await (await import('../become-owner.ts')).becomeOwner(stateDir, { isAgentChild: false });
}

function exitOf(reason: Reason): number {
  if (reason === reasons.lockTimeout) return exitCodes.tryAgain;
  return isTransfer(reason) || reason === commandReasons.ended ? exitCodes.ok : exitCodes.failure;
}

const movedText = 'what the plan rests on has moved since; nothing was changed. Look at the new plan, then say its id';
const nobodyToAsk = 'nobody to ask here: --yes does this, --dry-run only shows it';

const failed = (name: string, json: boolean, message: string): number => fail(name, message, json, { command: name });
