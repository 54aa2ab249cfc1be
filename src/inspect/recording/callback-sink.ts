import { messageOf } from '../../errors.ts';
import type { RecordingRecord } from './format.ts';
import type { RecordingSink } from './sink.ts';

/**
 * Hands records to a caller's function. What it throws, or rejects with, changes nothing.
 *
 * @param tell - the caller's function
 */
export function callbackSink(tell: (record: RecordingRecord) => unknown): RecordingSink {
  let problem: string | undefined;
  const note = (error: unknown): void => {
    problem ??= messageOf(error);
  };
  return {
    write: (json) => {
      try {
        const told = tell(JSON.parse(json));
        if (told instanceof Promise) told.catch(note);
      } catch (error) {
        note(error);
      }
    },
    flush: () => undefined,
    close: () => problem,
  };
}
