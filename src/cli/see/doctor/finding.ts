import type { Place } from '../../../store/file/transfer/place.ts';
import { type Illness, type IllnessId, illnesses } from './illnesses.ts';

/** What `doctor --fix` does about a finding itself. */
export type Mend =
  /** Something goes to quarantine. */
  | { readonly kind: 'setAside'; readonly place: Place; readonly sight: string; readonly name: string }
  /** A session's run, kept first, is changed by the machine: its owner is refreshed, or it is ended. */
  | {
      readonly kind: 'refresh' | 'end';
      readonly session: string;
      readonly place: Place;
      readonly sight: string;
      readonly name: string;
    }
  /** A hand-over, kept first with both its runs, is settled by the machine, from the first of these sessions that can. */
  | {
      readonly kind: 'settle';
      readonly sessions: readonly string[];
      readonly file: string;
      readonly place: Place;
      readonly sight: string;
      readonly name: string;
    }
  /** The lock is taken, which takes a dead one away. */
  | { readonly kind: 'takeLock'; readonly name: string };

/** An illness that somebody has. */
export interface Finding extends Illness {
  readonly id: IllnessId;
  /** What it is about. */
  readonly file: string;
  /** What was seen. */
  readonly evidence: string;
  /** Commands that mend it, as argument vectors; one of them is enough. */
  readonly fixes: readonly (readonly string[])[];
  /** What undoes that, as an argument vector; null where there is nothing to undo. */
  readonly undo: readonly string[] | null;
  /** What `--fix` does; absent where only a person can decide. */
  readonly mend?: Mend;
}

/** How a finding is mended: what to run, what undoes it, and what `--fix` does itself. */
export type Remedy = Partial<Pick<Finding, 'fixes' | 'undo' | 'mend'>>;

/**
 * A finding, with all that is known of its illness.
 *
 * @param id - the illness
 * @param file - what it is about
 * @param evidence - what was seen
 * @param remedy - how it is mended; nothing by default
 */
export const finding = (id: IllnessId, file: string, evidence: string, remedy: Remedy = {}): Finding => ({
  id,
  ...illnesses[id],
  file,
  evidence,
  fixes: [],
  undo: null,
  ...remedy,
});

const weight = { error: 0, warning: 1, note: 2 } as const;

/** The worst first, in an order that stays. */
export const bySeverity = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) => weight[a.severity] - weight[b.severity] || a.id.localeCompare(b.id) || a.file.localeCompare(b.file),
  );
