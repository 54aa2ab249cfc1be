import { codeOf } from '../../machines/guards.ts';
import type { ReconcileOptions } from '../call/options.ts';
import type { ReconcileResult } from '../call/result.ts';
import { runCall } from '../call/run-call.ts';
import { messageOf } from '../errors.ts';
import type { RecordingRecord } from '../inspect/recording/format.ts';
import type { Policies } from '../rules/policies.ts';
import { reasons } from '../rules/protocol.ts';
import type { CallNotes } from '../store/file/files/call-notes.ts';
import { exitCodes } from './exit-codes.ts';
import { refuseUse } from './fail.ts';
import { findRoot } from './find-root.ts';
import { type PolicyWords, readPolicies } from './policy-switches.ts';
import { printable } from './printable.ts';
import { recordTo, refusedRecord } from './record-switches.ts';
import { mendingHint } from './see/what-mends.ts';
import { sentenceFor, warningSentence } from './sentences.ts';
import { onStore, storeOf, storeWords } from './store/store-of.ts';
import { complain, output, writeText } from './write-line.ts';

/** Options of `forge-resume reconcile`. */
export interface ReconcileCommandOptions extends PolicyWords {
  readonly stateDir?: string;
  readonly sessionId?: string;
  readonly threadId?: string;
  readonly json?: boolean;
  /** A file, or a folder if it is there or ends in `/`. */
  readonly record?: string;
  readonly full?: boolean;
  /** Where the call is to be looked at afterwards. */
  readonly inspect?: 'stately';
  readonly dryRun?: boolean;
  readonly exitCode?: boolean;
}

const print = (line: string): void => writeText(output.stdout, `${printable(line)}\n`);

const jsonOf = (fields: object): string => JSON.stringify({ schema: 1, ...fields });

const weakLock =
  "The lock was the folder alone, which is weaker: the kernel's cannot be used here (no addon fs-native-extensions for " +
  'this platform, or a file system without such locks).';

/** What a person should know beside the result. */
const asidesOf = async ({ reason }: ReconcileResult, notes: CallNotes, stateDir: string): Promise<string[]> => {
  const { lock, broken = [] } = notes;
  const asides = [...broken.map(warningSentence), ...(lock === 'folder' ? [weakLock] : [])];
  if (reason !== reasons.lockTimeout) return asides;
  const { lockSentence, lookAtLock } = await import('../call/run-machine.ts');
  return [lockSentence(lookAtLock(stateDir))];
};

const printResult = async (result: ReconcileResult, notes: CallNotes, stateDir: string, json: boolean) => {
  print(json ? jsonOf(result) : sentenceFor(result, await asidesOf(result, notes, stateDir)));
  return result.reason === reasons.lockTimeout ? exitCodes.tryAgain : exitCodes.ok;
};

const printError = (error: unknown, { json = false, stateDir }: ReconcileCommandOptions): number => {
  const code = codeOf(error);
  const message = messageOf(error);
  if (json) print(jsonOf({ error: { code, message } }));
  complain(`forge-resume reconcile: ${code}: ${message}${mendingHint(code, stateDir)}`);
  return exitCodes.failure;
};

/**
 * Runs one call and prints its result on standard output: a sentence, or with `json` one JSON line. A failure goes to
 * standard error as one line, and with `json` also to standard output as `{"schema":1,"error":{"code","message"}}`, so that
 * a program that reads there always gets exactly one object.
 *
 * With `inspect` the call is recorded in memory, beside the folder that the environment names, and a page offers to hand it
 * over; that lasts until it is interrupted.
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function reconcileCommand(options: ReconcileCommandOptions): Promise<number> {
  const refused = refusedRecord(options);
  if (refused !== undefined) return refuseUse('reconcile', refused, options.json);
  if (options.dryRun) {
    const { whyCommand } = await import('./see/why/why-command.ts');
    // A call that is told no conversation looks for none.
    const { sessionId = '', threadId = '' } = options;
    return await whyCommand(undefined, { ...options, sessionId, threadId }, 'reconcile');
  }
  if (options.exitCode) return refuseUse('reconcile', '--exit-code goes with --dry-run; say both', options.json);
  if (options.inspect === undefined)
    return await callOnce(options, recordTo(options.record, options.full ?? false, process.env));
  const records: RecordingRecord[] = [];
  const kept = recordTo(undefined, options.full ?? false, process.env);
  const keep = kept && (await import('./inspect/keep-records.ts')).keepRecords(kept.to);
  const to = (record: RecordingRecord): void => {
    records.push(record);
    keep?.(record);
  };
  const code = await callOnce(options, { to, full: options.full });
  // Where no call was made there is nothing to look at.
  if (records.length > 0) await (await import('./inspect/offer-hand-over.ts')).offerHandOver(records);
  return code;
}

async function callOnce(options: ReconcileCommandOptions, record: ReconcileOptions['record']): Promise<number> {
  const { sessionId, threadId, json = false } = options;
  let policies: Policies;
  try {
    policies = readPolicies(options, process.env);
  } catch (error) {
    return refuseUse('reconcile', messageOf(error), json);
  }
  try {
    const { stateDir, isFound, others } = findRoot(options.stateDir);
    if (isFound)
      complain(`forge-resume reconcile: in ${[stateDir, ...others.map((path) => `not in ${path}`)].join(', ')}`);
    const store = await storeOf(stateDir);
    if (store !== undefined && process.geteuid?.() === 0) await onStore(store, ({ loadAhead }) => loadAhead());
    if (store !== undefined) complain(`forge-resume reconcile: its runs are in ${storeWords(store)}`);
    const env =
      process.geteuid?.() === 0
        ? await (await import('./become-owner.ts')).becomeOwner(stateDir, { isAgentChild: false })
        : process.env;
    const ids = { payloadSessionId: sessionId, payloadThreadId: threadId };
    const call = { stateDir, ...ids, env, record, ...policies };
    const notes: CallNotes = {};
    if (store !== undefined) {
      const caller = { by: 'reconcile' } as const;
      const result = await onStore(store, ({ runOnPostgres }) => runOnPostgres(store, call, { caller }));
      print(json ? jsonOf(result) : sentenceFor(result));
      return result.reason === reasons.lockTimeout ? exitCodes.tryAgain : exitCodes.ok;
    }
    return await printResult(await runCall(call, { notes, caller: { by: 'reconcile' } }), notes, stateDir, json);
  } catch (error) {
    return printError(error, options);
  }
}
