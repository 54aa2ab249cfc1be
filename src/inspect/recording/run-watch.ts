import type { Candidate, MachineInput, RunHandle } from '../../../machines/contract.ts';
import { resumable } from '../../../machines/guards.ts';
import type { Draft } from './draft.ts';
import type { RunRecord } from './format.ts';
import { runContent } from './run-content.ts';

/** What an actor's answer may tell of runs. */
interface Telling {
  readonly current?: RunHandle;
  readonly kind?: string;
  readonly answer?: { readonly current: RunHandle | null };
  readonly candidates?: readonly Candidate[];
}

/** Answers of actors that have written runs, or are about to. */
const writing = ['prepared', 'updated', 'retired', 'ended', 'rolledBack', 'wentForward'];

/** Looks at the runs that a call is about: when it comes upon them, and when it gives them up. */
export class RunWatch {
  readonly #read: (session: string) => string | undefined;
  readonly #full: boolean;
  readonly #input: MachineInput;
  #hasWritten = false;
  readonly #met = new Map<string, { readonly role: RunRecord['role']; readonly text: string | undefined }>();

  constructor(read: (session: string) => string | undefined, full: boolean, input: MachineInput) {
    this.#read = read;
    this.#input = input;
    this.#full = full;
  }

  /**
   * An actor has answered: the runs of which it tells for the first time.
   *
   * @param output - its answer
   * @param t - when, milliseconds since the start of the recording
   */
  meet(output: unknown, t: number): Draft[] {
    if (typeof output !== 'object' || output === null) return [];
    const { current, answer, candidates = [], kind = '' } = output as Telling;
    this.#hasWritten ||= writing.includes(kind);
    const [source, ...others] = resumable(candidates, this.#input);
    return [
      ...this.#meet('current', current ?? answer?.current, t),
      ...this.#meet('source', others.length === 0 ? source?.run : undefined, t),
    ];
  }

  /**
   * The call is done with its runs: those that have changed, if it has written at all.
   *
   * @param t - when, milliseconds since the start of the recording
   */
  leave(t: number): Draft[] {
    if (!this.#hasWritten) return [];
    return [...this.#met].flatMap(([session, { role, text }]): Draft[] => {
      const now = this.#read(session);
      if (now === text) return [];
      return [{ kind: 'run', t, session, role, when: 'after', ...runContent(now, this.#full) }];
    });
  }

  #meet(role: RunRecord['role'], run: RunHandle | null | undefined, t: number): Draft[] {
    if (run === null || run === undefined || this.#met.has(run.id)) return [];
    const text = this.#read(run.id);
    this.#met.set(run.id, { role, text });
    return [{ kind: 'run', t, session: run.id, role, when: 'before', ...runContent(text, this.#full) }];
  }
}
