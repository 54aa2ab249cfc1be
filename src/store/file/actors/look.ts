import { lstatSync, statSync } from 'node:fs';
import type { LookAnswer, LookOutput, MachineInput } from '../../../../machines/contract.ts';
import { candidateGuards, currentGuards, decisions, firstHolding } from '../../../../machines/guards.ts';
import type { ForgeState } from '../../../rules/forge-state.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { type CallOptions, identityOfInput, ownerFacts, runHandle } from '../files/call-facts.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { type JsonRead, readJsonOnce } from '../files/json-file.ts';
import { type StatePaths, statePaths } from '../files/paths.ts';
import { isQuiet } from '../files/quiet.ts';
import { listMatches, type ScanOptions, scanRuns } from '../files/scan-runs.ts';
import { judgeCurrent } from './read-current.ts';

/** How often a scan is repeated where runs of this conversation have moved, before the lock decides. */
const maxRescans = 3;

/** What a look knows so far. */
interface Sight {
  readonly answer: LookAnswer | null;
  readonly pane: string | null;
}

/**
 * Looks whether there is anything to write, without a lock and without writing anything (spec.md, rule 0;
 * protocol.md, "Look"). Whatever is odd is doubt, and doubt is no answer: the lock decides then.
 *
 * @param call - what the caller said
 * @returns the actor; it throws nothing but the caller's abort reason
 */
export const look =
  (call: CallOptions) =>
  async (input: MachineInput): Promise<LookOutput> => {
    call.signal?.throwIfAborted();
    const paths = statePaths(call.stateDir);
    try {
      const stateDir = statSync(paths.stateDir, { throwIfNoEntry: false });
      if (stateDir === undefined) {
        return { kind: 'answered', answer: { reason: decisions.currentSessionMissing, current: null } };
      }
      if (!stateDir.isDirectory()) return { kind: 'doubtful', pane: null };
      const { answer, pane } = await decide(call, paths, input);
      if (answer === null) return { kind: 'doubtful', pane };
      if (isQuiet(paths, answer.current?.id)) return { kind: 'answered', answer };
      return { kind: 'unquiet', answer, pane };
    } catch {
      call.signal?.throwIfAborted();
      return { kind: 'doubtful', pane: null };
    }
  };

async function decide(call: CallOptions, paths: StatePaths, input: MachineInput): Promise<Sight> {
  const id = await findCurrentSession({ paths, env: call.env }, readSurely);
  const current = id === undefined ? null : runHandle(paths, id);
  const read = id === undefined ? undefined : readSurely(paths.run(id));
  const stands = current && read ? judgeCurrent(current, read) : ({ kind: 'missing' } as const);
  const holds = firstHolding(currentGuards, stands, input);
  if (holds === 'currentRunActive' && current !== null && read?.kind === 'json') {
    return await decideActive(call, input, current, read.value as ForgeState);
  }
  if (holds === 'currentRunUnreadable') return { answer: null, pane: null };
  if (holds !== undefined) return { answer: { reason: decisions[holds], current }, pane: null };
  if (current === null) return { answer: null, pane: null };
  return { answer: await decideByScan(call, paths, input, current), pane: null };
}

/** The current run is active: nothing to write where its owner is up to date (rule 3). */
async function decideActive(
  call: CallOptions,
  input: MachineInput,
  current: NonNullable<LookAnswer['current']>,
  state: ForgeState,
): Promise<Sight> {
  const pane = await call.findPane(state[protocol.fields.pane]);
  const instant = {
    get now() {
      return call.now.toISOString();
    },
  };
  const isUpToDate = refreshOwner(state, ownerFacts(instant, current.id, identityOfInput(input), pane)) === state;
  return { answer: isUpToDate ? { reason: decisions.currentRunActive, current } : null, pane };
}

/**
 * Nothing matches, and nothing of this conversation moved behind the scan: every move writes its target first and then
 * ends its source, so that a scan that missed the run sees a source that ended so, now or at the next scan.
 */
async function decideByScan(
  call: CallOptions,
  paths: StatePaths,
  input: MachineInput,
  current: NonNullable<LookAnswer['current']>,
): Promise<LookAnswer | null> {
  const options: ScanOptions = {
    paths,
    identity: identityOfInput(input),
    currentId: current.id,
    checkAbort: () => call.signal?.throwIfAborted(),
  };
  let moved: string | undefined;
  for (let scans = 0; scans <= maxRescans; scans += 1) {
    const scan = await scanRuns(options);
    const holds = firstHolding(candidateGuards, { candidates: listMatches(paths, scan.matches) });
    if (scan.incomplete || scan.torn.size > 0 || holds !== 'noResumableCandidate') return null;
    // Another call of this session may have brought the run here meanwhile.
    if (lstatSync(current.location, { throwIfNoEntry: false }) !== undefined) return null;
    const seen = scan.moved.sort().join('\n');
    if (seen === (moved ?? '')) return { reason: decisions[holds], current };
    moved = seen;
  }
  return null;
}

/** Reads a file that is whole; what is not is doubt. */
function readSurely(path: string): JsonRead {
  const read = readJsonOnce(path);
  if (read.kind === 'torn' || read.kind === 'unreadable') throw new Error('in doubt');
  return read;
}
