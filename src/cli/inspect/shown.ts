import { realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Shown } from '../../inspect/server/recordings.ts';
import { protocol } from '../../rules/protocol.ts';
import { attempt } from '../../store/file/files/io.ts';
import { findRoot, type Root } from '../find-root.ts';

/** Where in the folder of logs the recordings of a project are looked for. */
const recordingsFolder = 'recordings';

/** What a command line says about what is to be shown. */
export interface ShownOptions {
  /** A recording, or a folder of them. */
  readonly what?: string | undefined;
  /** A state directory, whose project's recordings are wanted. */
  readonly stateDir?: string | undefined;
}

/** What is to be shown. */
interface Wanted {
  readonly shown: Shown;
  /** Whether it is not there, or not yet. */
  readonly isMissing: boolean;
  /** The project whose recordings they are, where it was searched for. */
  readonly root?: Root;
}

/**
 * What is to be shown: what was named, else the recordings of a project that was named, else those that
 * `FORGE_RESUME_RECORD` names, else those of the project in which the command is typed.
 *
 * @param options - what the command line says
 * @param env - the environment
 */
export function shownBy({ what, stateDir }: ShownOptions, env: NodeJS.ProcessEnv): Wanted {
  const named = what ?? (stateDir === undefined ? env['FORGE_RESUME_RECORD'] : recordingsOf(stateDir));
  if (named) return wanted(named);
  const root = attempt(() => findRoot(undefined));
  return root === undefined
    ? { shown: { kind: 'nothing' }, isMissing: false }
    : { ...wanted(recordingsOf(root.stateDir)), root };
}

const recordingsOf = (stateDir: string): string => join(stateDir, '..', protocol.project.logFolder, recordingsFolder);

function wanted(named: string): Wanted {
  const path = resolve(named);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return { shown: { kind: 'folder', path }, isMissing: false };
  // Whoever names a file may name it by a link; what a folder holds may not be one.
  if (stat !== undefined) return { shown: { kind: 'file', path: realpathSync(path) }, isMissing: false };
  return { shown: { kind: named.endsWith('.jsonl') ? 'file' : 'folder', path }, isMissing: true };
}
