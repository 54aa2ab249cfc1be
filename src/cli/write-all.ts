import { once } from 'node:events';

/**
 * Writes far more than a pipe holds to standard output: whoever reads slowly is waited for, whoever has gone away ends
 * it.
 *
 * @param text - text of ours, already printable where parts of it are foreign
 */
export async function writeAll(text: string): Promise<void> {
  const gone = once(process.stdout, 'error');
  const written = new Promise((resolve) => process.stdout.write(text, resolve));
  await Promise.race([written, gone]);
}
