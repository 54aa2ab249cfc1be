import { statSync } from 'node:fs';
import { callbackSink } from './callback-sink.ts';
import { fileSink } from './file-sink.ts';
import type { RecordingRecord } from './format.ts';
import { openFile } from './open-file.ts';
import { openInFolder } from './open-in-folder.ts';
import type { RecordingSink } from './sink.ts';

/**
 * Where a recording goes: a file; a folder, if it is there or the path ends in `/`, in which each recording gets a file
 * of its own; or a function that is told of each record.
 */
export type RecordTarget = string | ((record: RecordingRecord) => unknown);

/**
 * Opens what a caller named. What cannot be opened shows when the sink is closed.
 *
 * @param target - file, folder or function
 * @param at - the instant of the call
 */
export function openSink(target: RecordTarget, at: Date): RecordingSink {
  if (typeof target === 'function') return callbackSink(target);
  return fileSink(() => (isFolder(target) ? openInFolder(target, at) : openFile(target)));
}

const isFolder = (path: string): boolean =>
  /[/\\]$/.test(path) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
