import { fstatSync, readSync } from 'node:fs';

/** Most that is read from standard input, bytes. */
export const stdinLimit = 64 * 1024 * 1024;

const tooLarge = (): Error => new Error(`standard input is larger than ${stdinLimit} bytes`);

const readAtOnce = (chunks: Buffer[]): boolean => {
  let size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    let length: number;
    try {
      length = readSync(0, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return false;
      if (code === 'EOF') return true;
      throw error;
    }
    if (length === 0) return true;
    size += length;
    if (size > stdinLimit) throw tooLarge();
    chunks.push(chunk.subarray(0, length));
  }
};

const readTheRest = async (chunks: Buffer[]): Promise<void> => {
  let size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > stdinLimit) throw tooLarge();
    chunks.push(chunk);
  }
};

const isTerminal = async (): Promise<boolean> => {
  // Loading `node:tty` takes longer than the call that follows, and what agents pass is a pipe.
  if (!fstatSync(0).isCharacterDevice()) return false;
  const { isatty } = await import('node:tty');
  return isatty(0);
};

/**
 * Reads standard input to its end, as UTF-8 text.
 *
 * @returns the text
 * @throws Error when standard input is a terminal, larger than {@link stdinLimit}, or cannot be read
 */
export async function readStdin(): Promise<string> {
  if (await isTerminal()) throw new Error('expected a JSON object on standard input, which is a terminal; see --help');
  const chunks: Buffer[] = [];
  // Setting up `process.stdin` costs as much as all else that a call does; only a non-blocking descriptor needs it.
  if (!readAtOnce(chunks)) await readTheRest(chunks);
  return Buffer.concat(chunks).toString('utf8');
}
