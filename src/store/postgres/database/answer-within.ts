/** A server that said nothing for too long; it may have done all the same what it was told. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/**
 * Waits for an answer, but not for ever.
 *
 * @param answer - what is waited for; how it ends later is for its owner to see
 * @param limitMs - how long, milliseconds; 0: for ever
 * @throws Silence where it takes longer
 */
export async function answerWithin<Answer>(answer: Promise<Answer>, limitMs: number): Promise<Answer> {
  if (limitMs === 0) return await answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Silence(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  answer.catch(() => undefined);
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/**
 * Whether something failed because a server was silent.
 *
 * @param error - what was thrown
 */
export function isSilence(error: unknown): boolean {
  return error instanceof Silence || (error instanceof Error && isSilence(error.cause));
}
