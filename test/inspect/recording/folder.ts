import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Recording } from '../../../src/inspect/recording/format.ts';
import { readRecording } from '../../../src/inspect/recording/read-recording.ts';

/** A folder of the test's own, removed when it is over. */
export function scratchFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'forge-recordings-')));
  onTestFinished(() => {
    fs.chmodSync(folder, 0o700);
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A whole recording in a file; fails where it is none. */
export function readAt(path: string): Recording {
  const read = readRecording(fs.readFileSync(path, 'utf8'));
  if (read.kind === 'refused') throw new Error(read.why);
  if (read.notes.length > 0) throw new Error(read.notes.join());
  return read.recording;
}

/** The recordings in a folder, oldest first; fails where something else is there. */
export const readAll = (folder: string): Recording[] =>
  fs
    .readdirSync(folder)
    .sort()
    .map((name) => readAt(join(folder, name)));
