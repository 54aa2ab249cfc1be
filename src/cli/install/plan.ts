import type { ConfigFile } from './config-file.ts';
import type { AgentPlace } from './places.ts';
import type { Receipt } from './receipt.ts';

/** What becomes of one file. */
export interface FilePlan {
  readonly file: ConfigFile;
  /** All of its bytes afterwards; undefined: it goes. */
  readonly after: Buffer | undefined;
  /** What changes in it, for people and programs: `hook SessionStart`, `notify`. */
  readonly changes: readonly string[];
}

/** What becomes of an agent's configuration. */
export interface AgentPlan {
  readonly place: AgentPlace;
  readonly files: readonly FilePlan[];
  /** What to know beside that. */
  readonly notes: readonly string[];
  /** As it stands there. */
  readonly receipt: Receipt | undefined;
  /** Files of ours that are no longer needed; absolute. */
  readonly leftovers: readonly string[];
}

/** Whether there is anything to do. */
export const isEmptyPlan = (plans: readonly AgentPlan[]): boolean =>
  plans.every(({ files, leftovers }) => files.length === 0 && leftovers.length === 0);
