import { type Dir, opendirSync } from 'node:fs';
import { isSessionId } from '../../../rules/session-id.ts';
import { attempt } from './io.ts';
import { type FirstRead, parseOnce } from './json-file.ts';
import type { StatePaths } from './paths.ts';
import { readStateFile } from './state-file.ts';

/** A session's folder with what stands in its run file. */
export interface SessionRun {
  readonly id: string;
  readonly read: FirstRead;
}

/**
 * Reads the runs of all sessions, one after the other, so that no more than one is held; what is no session's real folder
 * is passed over (src/rules/README.md#rule-6-candidates). Nothing is written, no link followed, nothing waited for.
 *
 * @param paths - the state directory's
 * @returns the sessions in the file system's order; none where they cannot be listed
 */
export function* eachRun(paths: StatePaths): Generator<SessionRun> {
  const folder = attempt((): Dir => opendirSync(paths.sessions, { bufferSize: 1_024 }));
  if (folder === undefined) return;
  try {
    for (let entry = attempt(() => folder.readSync()); entry; entry = attempt(() => folder.readSync())) {
      if (isSessionId(entry.name) && entry.isDirectory()) {
        yield { id: entry.name, read: parseOnce(readStateFile(paths.run(entry.name))) };
      }
    }
  } finally {
    attempt(() => folder.closeSync());
  }
}
