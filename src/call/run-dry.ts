import type { Actors, LookOutput } from '../../machines/contract.ts';
import { listPanes, lookUpPane } from '../pane/tmux.ts';
import { type Policies, policiesIn } from '../rules/policies.ts';
import { trimmedText } from '../rules/text.ts';
import { look } from '../store/file/actors/look.ts';
import type { CallNotes } from '../store/file/files/call-notes.ts';
import { statePaths } from '../store/file/files/paths.ts';
import type { ReconcileOptions } from './options.ts';
import type { ReconcileResult } from './result.ts';

/** A call that is only imagined. */
export interface DryCall extends Policies, Pick<ReconcileOptions, 'stateDir' | 'env' | 'comeHome' | 'companions'> {
  readonly payloadSessionId?: unknown;
  readonly payloadThreadId?: unknown;
  /** Whether it looks before the lock, as calls do; default true. One that is to move a run comes to the lock anyway. */
  readonly looks?: boolean | undefined;
  /** Sessions whose runs are imagined away. */
  readonly without?: readonly string[] | undefined;
}

/** What a call would come to. */
export interface DryResult {
  /** The result; undefined where the call would throw. */
  readonly result: ReconcileResult | undefined;
  /** What it would throw. */
  readonly error?: unknown;
  /** Sessions that it would consider as candidates, whatever their phase. */
  readonly candidates: readonly string[];
  readonly notes: CallNotes;
}

/**
 * Runs a call that takes no lock and writes nothing: the machine itself with the store's own actors, which read what is
 * there, and of what they write only note what it would be. So it comes to what a call would come to that gets the lock
 * now and meets nobody else's write (src/store/file/README.md#a-call-that-writes-nothing).
 *
 * @param call - what the caller would say
 */
export async function runDry(call: DryCall): Promise<DryResult> {
  const { stateDir, env = process.env, comeHome, companions, looks = true, without = [] } = call;
  const policies = policiesIn(call);
  const input = {
    payloadSessionId: trimmedText(call.payloadSessionId),
    payloadThreadId: trimmedText(call.payloadThreadId),
    ...(policies === undefined ? {} : { policies }),
    hooks: [],
  };
  // One part of the program for all who run the machine.
  const { DryFiles, inSession, runMachine } = await import('./run-machine.ts');
  const dry = new DryFiles(without.map((id) => inSession(id)));
  const notes: CallNotes = {};
  const findPane = (): Promise<string> => lookUpPane(env);
  const panes = policies?.requireDeadOwner === true ? await listPanes() : undefined;
  const common = { paths: statePaths(stateDir), env, now: new Date(), comeHome, companions, findPane, panes };
  const options = { ...common, notes, dry };
  let candidates: readonly string[] = [];
  const alter = (actors: Actors): Actors => {
    const noting = <Name extends 'scanCandidates' | 'retireCopies'>(name: Name): Pick<Actors, Name> => {
      const body = actors[name];
      const noted: typeof body = async (given, scope) => {
        const output = await body(given as never, scope);
        candidates = output.candidates.map(({ run }) => run.id);
        return output as never;
      };
      return { [name]: noted } as unknown as Pick<Actors, Name>;
    };
    return { ...actors, ...noting('scanCandidates'), ...noting('retireCopies') };
  };
  // A look goes by what is on disk.
  const looked: LookOutput =
    looks && without.length === 0 ? await look(options)(input) : { kind: 'doubtful', pane: null };
  const run = { call: options, input, looked, hooks: {}, inspect: undefined, parts: { alter } };
  try {
    const result = await runMachine(run);
    return { result, candidates, notes };
  } catch (error) {
    return { result: undefined, error, candidates, notes };
  }
}
