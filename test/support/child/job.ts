import type { Command } from '../../../machines/contract.ts';

/** One call that a child process is to make. JSON-safe. */
export interface Job {
  readonly stateDir: string;
  readonly payloadSessionId: string;
  readonly payloadThreadId: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether `hooks.afterTargetWrite` throws. */
  readonly hookThrows: boolean;
  readonly comeHome?: boolean;
  readonly companions?: 'carry';
  /** What a person asks for. */
  readonly command?: Command | undefined;
  /** Policy, milliseconds. */
  readonly staleAfter?: number;
  /** Whether the call takes the lock though it may have nothing to write. */
  readonly takesLock?: boolean;
}

/** What came of it. */
export interface Answer {
  /** The result, as returned. */
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  /** Duration of the call, milliseconds. */
  readonly millis: number;
}

/** Message of the error that a job's hook throws. */
export const hookMessage = 'the hook refused';

/** The part of a call's options that jobs use. */
export interface CallOptions {
  readonly stateDir: string;
  readonly payloadSessionId: string;
  readonly payloadThreadId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly comeHome?: boolean;
  readonly companions?: 'carry';
  readonly command?: Command | undefined;
  readonly staleAfter?: number;
  readonly hooks: { readonly afterTargetWrite?: () => void; readonly afterLockAcquired?: () => void };
}

/** An implementation under test. */
export type Reconcile = (options: CallOptions) => Promise<object>;

/**
 * Makes the call of a job; never throws.
 *
 * @param reconcile - the implementation
 * @param job - the call
 */
export async function answerOf(reconcile: Reconcile, job: Job): Promise<Answer> {
  const { hookThrows, takesLock, ...options } = job;
  const afterTargetWrite = (): void => {
    throw new Error(hookMessage);
  };
  const hooks = {
    ...(hookThrows ? { afterTargetWrite } : {}),
    ...(takesLock ? { afterLockAcquired: () => undefined } : {}),
  };
  const began = performance.now();
  try {
    const result = await reconcile({ ...options, hooks });
    return { result: { ...result }, millis: performance.now() - began };
  } catch (thrown) {
    const { name, message, code } = thrown as Error & { code?: string };
    return { error: { name, message, code: code ?? '' }, millis: performance.now() - began };
  }
}
