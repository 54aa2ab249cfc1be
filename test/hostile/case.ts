/** One call on a hostile state directory, and what every such call owes. */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { reasons } from '../../src/rules/protocol.ts';
import type { Sandbox } from '../support/sandbox.ts';
import type { Canary } from './canary.ts';
import type { PutOddThing } from './odd-things.ts';
import type { Subject, SubjectAnswer } from './subject.ts';

/** The longest that a call may take, milliseconds. */
export const longestMs = 1_000;

/** Who calls; by default Codex session `s1` in RCS session `now`. */
export interface Caller {
  readonly current?: string;
  readonly session?: string;
}

/**
 * Makes a call and checks that it ended in time, with a result or a typed error, and left the outside alone.
 *
 * @returns the result's reason or the error's code, and the answer itself
 */
export async function callSafely(
  subject: Subject,
  sandbox: Sandbox,
  canary: Canary,
  { current = 'now', session = 's1' }: Caller = {},
): Promise<{ readonly outcome: string; readonly answer: SubjectAnswer }> {
  canary.arm();
  const env = current === '' ? {} : { RCS_SESSION_ID: current };
  const answer = await subject.call({
    stateDir: sandbox.stateDir,
    payloadSessionId: session,
    payloadThreadId: '',
    env,
  });
  expect(canary.touched()).toEqual([]);
  if (answer.error !== undefined) expect(answer.error.name, answer.error.message).toBe('ForgeResumeError');
  const outcome = answer.error?.code ?? String(answer.result?.['reason']);
  expect([...errorCodes, ...Object.values(reasons)]).toContain(outcome);
  expect(answer.millis).toBeLessThan(longestMs);
  return { outcome, answer };
}

/** Puts something odd at a path, in place of what stands there. */
export async function putOdd(put: PutOddThing, path: string, canary: Canary): Promise<void> {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.rmSync(path, { recursive: true, force: true });
  await put(path, canary);
}

/** Makes something look as if it had last been changed 20 s ago. */
export function makeAged(path: string): void {
  const time = Date.now() / 1_000 - 20;
  fs.lutimesSync(path, time, time);
}
