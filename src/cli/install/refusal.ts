/** A configuration that is left as it is; the message says why, and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/**
 * Names the file in whatever is refused about it.
 *
 * @param path - the file
 * @param action - what is done with it
 * @throws Refusal with the file's path before its message
 */
export function inFile<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(`${path} is nested too deep to be edited`);
    throw error instanceof Refusal ? new Refusal(`${path} ${error.message}`) : error;
  }
}
