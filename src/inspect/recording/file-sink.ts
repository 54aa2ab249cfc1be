import { closeSync, writeSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import type { RecordingSink } from './sink.ts';

/** A file that was opened for one recording. */
export interface OpenRecording {
  readonly fd: number;
  /** Called once the file is closed, with its size. */
  readonly closed?: (bytes: number) => void;
}

/** Longest text that is kept before it is written, UTF-16 units. */
const longestKept = 65_536;

/**
 * Writes records as JSON lines. The first failure ends the recording, never the call: what stands in the file until
 * then stays, with a torn last line at worst.
 *
 * @param open - opens the file when the first record comes
 */
export function fileSink(open: () => OpenRecording): RecordingSink {
  let problem: string | undefined;
  let file: OpenRecording | undefined;
  let kept = '';
  let written = 0;
  const attempt = (work: () => void): void => {
    if (problem !== undefined) return;
    try {
      work();
    } catch (error) {
      problem = messageOf(error);
    }
  };
  const flush = (): void =>
    attempt(() => {
      if (kept === '') return;
      const text = kept;
      kept = '';
      file ??= open();
      written += writeText(file.fd, text);
    });
  return {
    write: (json) => {
      kept += `${json}\n`;
      if (kept.length > longestKept) flush();
    },
    flush,
    close: () => {
      flush();
      try {
        if (file !== undefined) closeSync(file.fd);
        file?.closed?.(written);
      } catch (error) {
        problem ??= messageOf(error);
      }
      return problem;
    },
  };
}

/** Writes a text as a whole; as a text, since no buffer has to be made for that. */
function writeText(fd: number, text: string): number {
  const size = Buffer.byteLength(text);
  let at = writeSync(fd, text);
  if (at < size) for (const bytes = Buffer.from(text); at < size; ) at += writeSync(fd, bytes, at);
  return size;
}
