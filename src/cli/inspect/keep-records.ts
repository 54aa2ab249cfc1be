import type { RecordingRecord } from '../../inspect/recording/format.ts';
import { openSink } from '../../inspect/recording/open-sink.ts';

/**
 * Keeps records of one call that are on their way elsewhere, too.
 *
 * @param to - a file, or a folder
 * @returns takes a record, each as it comes; with the last one it throws what could not be written, which is a warning of the
 *   call then
 */
export function keepRecords(to: string): (record: RecordingRecord) => void {
  const sink = openSink(to, new Date());
  return (record) => {
    sink.write(JSON.stringify(record));
    sink.flush();
    const problem = record.kind === 'end' ? sink.close() : undefined;
    if (problem !== undefined) throw new Error(problem);
  };
}
