/**
 * Waits for a promise, but no longer than until the signal aborts.
 *
 * @param work - what is waited for; it goes on by itself after an abort
 * @param signal - the caller's wish to stop
 * @returns what the work resolved to
 * @throws the signal's reason, as the same object
 */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
