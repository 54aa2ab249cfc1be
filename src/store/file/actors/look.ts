import type {
  LookAnswer,
  LookOutput,
  MachineInput,
  ReadCurrentOutput,
  RunHandle,
} from '../../../../machines/contract.ts';
import { candidateGuards, currentGuards, decisions, firstHolding } from '../../../../machines/guards.ts';
import { type ForgeState, isLive } from '../../../rules/forge-state.ts';
import { refreshOwner } from '../../../rules/ownership.ts';
import { protocol } from '../../../rules/protocol.ts';
import { type CallOptions, identityOfInput, ownerFacts, runHandle } from '../files/call-facts.ts';
import { findCurrentSession } from '../files/current-session.ts';
import { isHome } from '../files/home.ts';
import { type JsonRead, parseOnce } from '../files/json-file.ts';
import { judgeCurrent } from '../files/judge-current.ts';
import { lstatSync, statSync } from '../files/node-fs.ts';
import type { StatePaths } from '../files/paths.ts';
import { isQuiet, mayBeCopy, trailAt } from '../files/quiet.ts';
import { listMatches, type Scan, type ScanOptions, scanRuns } from '../files/scan-runs.ts';
import { type FileContent, readStateFile, sightOf } from '../files/state-file.ts';

/** How often a scan is repeated where runs of this conversation have moved, before the lock decides. */
const maxRescans = 3;

/** What a look knows so far. */
interface Sight {
  readonly answer: LookAnswer | null;
  readonly pane: string | null;
  /** Whether the current session's run is live. */
  readonly isLive?: boolean;
  /** The run that comes home: an answer that counts it as absent rests on more than one file. */
  readonly home?: FileContent;
}

/**
 * Looks whether there is anything to write, without a lock and without writing anything
 * (src/rules/README.md#rule-0-look; src/store/file/README.md#look). Whatever is odd is doubt, and doubt is no answer:
 * the lock decides then.
 *
 * @param call - what the caller said
 * @returns the actor; it throws nothing but the caller's abort reason
 */
export const look =
  (call: CallOptions) =>
  async (input: MachineInput): Promise<LookOutput> => {
    call.signal?.throwIfAborted();
    // What a person asks for is decided under the lock.
    if (input.command !== undefined) return { kind: 'doubtful', pane: null };
    const { paths } = call;
    try {
      const stateDir = statSync(paths.stateDir, { throwIfNoEntry: false });
      if (stateDir === undefined) {
        return { kind: 'answered', answer: { reason: decisions.currentSessionMissing, current: null } };
      }
      if (!stateDir.isDirectory()) return { kind: 'doubtful', pane: null };
      const { answer, pane, isLive = false, home } = await decide(call, paths, input);
      if (answer === null) return { kind: 'doubtful', pane };
      if (isQuiet(paths, answer.current?.id, isLive)) return { kind: 'answered', answer };
      return home === undefined ? { kind: 'unquiet', answer, pane } : { kind: 'doubtful', pane };
    } catch {
      call.signal?.throwIfAborted();
      return { kind: 'doubtful', pane: null };
    }
  };

async function decide(call: CallOptions, paths: StatePaths, input: MachineInput): Promise<Sight> {
  const id = await findCurrentSession({ paths, env: call.env, policies: input.policies }, readSurely);
  if (id === undefined) return { answer: { reason: decisions.currentSessionMissing, current: null }, pane: null };
  const current = runHandle(paths, id);
  const read = readSurely(paths.run(id));
  const stands = judgeCurrent(current, read, input);
  const holds = firstHolding(currentGuards, stands, input);
  if (holds === 'currentRunActive' && read.kind === 'json') {
    return await decideActive(call, input, current, read.value as ForgeState);
  }
  if (holds === 'currentRunPresent' && read.kind === 'json' && (await comesHome(call, paths, id, read.file))) {
    return { ...(await decideAbsent(call, paths, input, current, read.file)), home: read.file };
  }
  if (holds === 'currentRunUnreadable' || holds === 'runNamed') return { answer: null, pane: null };
  if (holds !== undefined) {
    const isActive = stands.kind === 'active' && read.kind === 'json' && isLive(read.value as ForgeState);
    return { answer: { reason: decisions[holds], current }, pane: null, isLive: isActive };
  }
  return await decideAbsent(call, paths, input, current, undefined);
}

async function comesHome(call: CallOptions, paths: StatePaths, id: string, { bytes }: FileContent): Promise<boolean> {
  if (call.comeHome !== true) return false;
  return await isHome(id, bytes, {
    trailOf: (session) => trailAt(paths, session),
    runOf: (session) => readSurely(paths.run(session)),
  });
}

/**
 * The current session has no run of its own, or one that comes home (src/rules/README.md#rule-5-no-identity and
 * src/rules/README.md#rule-6-candidates).
 */
async function decideAbsent(
  call: CallOptions,
  paths: StatePaths,
  input: MachineInput,
  current: RunHandle,
  home: FileContent | undefined,
): Promise<Sight> {
  const absent: ReadCurrentOutput = { kind: 'absent', current };
  const holds = firstHolding(currentGuards, absent, input);
  if (holds === 'runNamed') return { answer: null, pane: null };
  if (holds !== undefined) return { answer: { reason: decisions[holds], current }, pane: null };
  return { answer: await decideByScan(call, paths, input, current, home), pane: null };
}

/**
 * The current run is active: nothing to write where its owner is up to date
 * (src/rules/README.md#rule-3-current-run-active).
 */
async function decideActive(
  call: CallOptions,
  input: MachineInput,
  current: RunHandle,
  state: ForgeState,
): Promise<Sight> {
  const pane = await call.findPane(state[protocol.fields.pane]);
  const instant = {
    get now() {
      return call.now.toISOString();
    },
  };
  const isUpToDate = refreshOwner(state, ownerFacts(instant, current.id, identityOfInput(input), pane)) === state;
  return { answer: isUpToDate ? { reason: decisions.currentRunActive, current } : null, pane, isLive: isLive(state) };
}

/**
 * Nothing matches, and nothing of this conversation moved behind the scan: every move writes its target first and then
 * ends its source, so that a scan that missed the run sees a source that ended so, now or at the next scan.
 */
async function decideByScan(
  call: CallOptions,
  paths: StatePaths,
  input: MachineInput,
  current: RunHandle,
  home: FileContent | undefined,
): Promise<LookAnswer | null> {
  const judge = (scan: Scan) => firstHolding(candidateGuards, { candidates: listMatches(paths, scan.matches) }, input);
  const isDoubtful = (scan: Scan): boolean =>
    scan.incomplete || scan.torn.size > 0 || (scan.matches.size > 0 && judge(scan) !== 'noResumableCandidate');
  const options: ScanOptions = {
    paths,
    // The lock decides then, and scans by itself.
    isEnough: isDoubtful,
    identity: identityOfInput(input),
    currentId: current.id,
    checkAbort: () => call.signal?.throwIfAborted(),
  };
  let moved: string | undefined;
  for (let scans = 0; scans <= maxRescans; scans += 1) {
    const scan = await scanRuns(options);
    if (call.notes !== undefined) call.notes.candidates = scan.matches.size;
    if (isDoubtful(scan) || holdsCopy(paths, scan)) return null;
    // Another call of this session may have brought the run here meanwhile.
    const now = lstatSync(paths.run(current.id), { bigint: true, throwIfNoEntry: false });
    if ((now && sightOf(now)) !== (home && sightOf(home.stat))) return null;
    const seen = scan.moved.sort().join('\n');
    if (seen === (moved ?? '')) return { reason: decisions.noResumableCandidate, current };
    moved = seen;
  }
  return null;
}

/** Whether a live run that this call may not take (src/rules/README.md#policies) is to be ended all the same. */
const holdsCopy = (paths: StatePaths, { matches }: Scan): boolean =>
  [...matches].some(([id, { value }]) => isLive(value as ForgeState) && mayBeCopy(paths, id));

/** Reads a file that is whole; what is not is doubt. */
function readSurely(path: string): JsonRead {
  const read = parseOnce(readStateFile(path));
  if (read.kind === 'torn' || read.kind === 'unreadable') throw new Error('in doubt');
  return read;
}
