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
      const bytes = Buffer.from(kept);
      kept = '';
      file ??= open();
      for (let at = 0; at < bytes.length; ) at += writeSync(file.fd, bytes, at);
      written += bytes.length;
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
