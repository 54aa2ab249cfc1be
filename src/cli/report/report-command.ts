import { lstatSync, writeFileSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail, refuseUse } from '../fail.ts';
import { findRoot } from '../find-root.ts';
import { confirm, isAtTerminal } from '../install/confirm.ts';
import { PolicyWordError, type PolicyWords, readPolicies } from '../policy-switches.ts';
import { printable } from '../printable.ts';
import { refuseMissing } from '../see/refuse-missing.ts';
import { writeAll } from '../write-all.ts';
import { complain } from '../write-line.ts';
import { reportOf } from './report-facts.ts';
import { reportText } from './report-text.ts';

/** Options of `forge-resume report`. */
export interface ReportOptions extends PolicyWords {
  readonly stateDir?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Prints a bug report (`forge-resume report`), and, if a file is named, writes it there: once a person at a terminal has
 * seen it and agreed, or with `yes`.
 *
 * @param file - where to write it; nowhere by default
 * @param options - what the command line said
 * @param version - of this package
 * @returns the exit code
 */
export async function reportCommand(
  file: string | undefined,
  options: ReportOptions,
  version: string,
): Promise<number> {
  const { json = false, yes = false } = options;
  let isShown = false;
  try {
    const policies = readPolicies(options, process.env);
    const root = findRoot(options.stateDir);
    refuseMissing(root.stateDir);
    const program = process.argv[1] ?? '';
    const report = await reportOf({ root, env: process.env, policies, program, version, now: Date.now() });
    const text = json ? `${printable(JSON.stringify(report))}\n` : reportText(report);
    await writeAll(text);
    isShown = true;
    complain(`forge-resume report: of ${[root.stateDir, ...root.others.map((other) => `not of ${other}`)].join(', ')}`);
    return file === undefined ? exitCodes.ok : await write(file, text, yes);
  } catch (error) {
    if (error instanceof PolicyWordError) return refuseUse('report', error.message, json);
    return fail('report', messageOf(error), json && !isShown);
  }
}

async function write(file: string, text: string, yes: boolean): Promise<number> {
  const isThere = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  const canAsk = isAtTerminal() && process.stdout.isTTY === true;
  if (!yes && !canAsk) {
    return refuseUse('report', 'nobody to ask here: --yes writes it; without a file it is only shown');
  }
  if (yes && isThere) return fail('report', `${file} is there already; name another file, or move that one away`);
  const question = isThere ? `${file} is there already. Replace it by this?` : `Write this to ${file}?`;
  if (!yes && !(await confirm(printable(question)))) return fail('report', 'nothing was written');
  // As private as a configuration: whom it is shown to is its owner's choice.
  writeFileSync(file, text, { mode: 0o600, flag: isThere ? 'w' : 'wx' });
  return exitCodes.ok;
}
