import { arch, platform, release } from 'node:os';
import { messageOf } from '../../errors.ts';
import { tmuxVersion } from '../../pane/tmux.ts';
import { isForgeState } from '../../rules/forge-state.ts';
import type { Policies } from '../../rules/policies.ts';
import { protocol } from '../../rules/protocol.ts';
import { trimmedText } from '../../rules/text.ts';
import { eachRun } from '../../store/file/files/each-run.ts';
import { statePaths } from '../../store/file/files/paths.ts';
import { lockState } from '../../store/file/lock/lock-state.ts';
import type { Root } from '../find-root.ts';
import { findingsIn } from '../see/doctor/doctor-facts.ts';
import { bySeverity, type Finding } from '../see/doctor/finding.ts';
import { machineFindings } from '../see/doctor/machine-findings.ts';
import { storeFindings } from '../see/doctor/store-findings.ts';
import { type History, historyOf } from '../see/history/history-facts.ts';
import { storePastOf } from '../see/history/store-past.ts';
import { journalsOf } from '../see/status-facts.ts';
import { type Why, whyOf } from '../see/why/why-facts.ts';
import { knownTransfer, knownWord } from './known-words.ts';
import { makeRedactor, type Redactor } from './redactor.ts';

/** What is reported about. */
export interface ReportQuestion {
  readonly root: Root;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those of the call that is asked about; none by default. */
  readonly policies?: Policies | undefined;
  /** Path of this program. */
  readonly program: string;
  /** Version of this package. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A part of a report, or why it could not be made. */
type Part<T> = T | { readonly error: string };

/** All that goes into a bug report, without names, ids, folders and texts of the user's. */
export interface Report {
  readonly schema: 1;
  readonly at: string;
  readonly versions: Readonly<Record<'package' | 'node' | 'system' | 'tmux' | 'lock', string>>;
  readonly doctor: Part<{
    /** How many there are; the worst are listed. */
    readonly count: number;
    readonly findings: readonly Pick<Finding, 'id' | 'name' | 'severity' | 'file' | 'evidence'>[];
  }>;
  readonly why: Part<
    Pick<Why, 'reason' | 'candidates' | 'error' | 'session'> & {
      /** Which conversation was asked about, and how it was found. */
      readonly conversation: { readonly name: string; readonly by: string };
      /** Whether something would make it resume. */
      readonly couldResume: boolean;
    }
  >;
  readonly history: Part<{
    readonly events: readonly Omit<History['events'][number], 'conversation' | 'message'>[];
    /** Lines and files that cannot be read. */
    readonly unreadable: number;
  }>;
}

const { fields } = protocol;
/** Most findings, candidates and events that are reported. */
const most = 50;

/**
 * Gathers a bug report: takes no lock, writes nothing.
 *
 * @param question - about what
 */
export async function reportOf({ root, env, policies, program, version, now }: ReportQuestion): Promise<Report> {
  const paths = statePaths(root.stateDir);
  const past = await storePastOf(root.stateDir, env, { limit: most });
  const history = historyOf({ root, limit: most, past });
  const why = await settled(async () => {
    if (past === undefined) return await whyOf({ root, env, policies });
    // Where the past could not be asked for, nor can this.
    if (past.store === undefined || past.trouble !== undefined) throw new Error(past.trouble);
    const { storeWhyOf } = await import('../see/why/store-why.ts');
    return await storeWhyOf(past.store, { root, env, policies });
  });
  const known = namesIn(root.stateDir, history, 'value' in why ? why.value : undefined);
  const redactor = makeRedactor({ root, env, program, storeUrl: past?.store?.url, ...known });
  const failed = (error: unknown) => ({ error: redactor.text(messageOf(error)) });
  const doctor = await settled(async () => {
    const inside = await findingsIn(root, env, () => now);
    const found = [...inside, ...(await machineFindings(root.stateDir, env, program))];
    return bySeverity([...found, ...(await storeFindings(root.stateDir, env))]);
  });
  return {
    schema: 1,
    at: new Date(now).toISOString(),
    versions: {
      package: version,
      node: process.version,
      system: redactor.text(`${platform()} ${release()} ${arch()}`),
      tmux: (await tmuxVersion()) ?? 'none',
      lock: past === undefined ? lockState(paths, now).kind : 'database',
    },
    why: 'error' in why ? failed(why.error) : whyPart(why.value, redactor),
    history: historyPart(history, redactor),
    doctor: 'error' in doctor ? failed(doctor.error) : doctorPart(doctor.value, redactor),
  };
}

/** What something came to, or why it could not be done. */
const settled = async <T>(make: () => Promise<T>): Promise<{ value: T } | { error: unknown }> =>
  make().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/** Every id that stands somewhere in a project's files, its past, or among the runs that a call would see. */
function namesIn(stateDir: string, { events }: History, why?: Why): { sessions: string[]; ids: string[] } {
  const paths = statePaths(stateDir);
  const [sessions, ids] = [new Set<string>(), new Set<string>()];
  for (const { id, read } of eachRun(paths)) {
    sessions.add(id);
    if (read.kind !== 'json' || !isForgeState(read.value)) continue;
    sessions.add(trimmedText(read.value[fields.ownerRcsSession]));
    for (const field of [fields.ownerCodexSession, fields.ownerCodexThread, fields.pane]) {
      ids.add(trimmedText(read.value[field]));
    }
  }
  for (const { session } of why?.candidates ?? []) sessions.add(session);
  for (const { source, target } of journalsOf(paths)) sessions.add(source).add(target);
  for (const { from, to, conversation } of events) {
    sessions.add(from ?? '').add(to ?? '');
    ids.add(conversation?.sessionId ?? '').add(conversation?.threadId ?? '');
  }
  return { sessions: [...sessions], ids: [...ids] };
}

function doctorPart(findings: readonly Finding[], { text }: Redactor) {
  const shown = findings.slice(0, most).map(({ id, name, severity, file, evidence }) => ({
    ...{ id, name, severity },
    ...{ file: text(file), evidence: text(evidence) },
  }));
  return { count: findings.length, findings: shown };
}

function whyPart(why: Why, { session, conversation, text }: Redactor) {
  const { sessionId, threadId, by } = why.conversation;
  const id = sessionId || threadId;
  return {
    reason: why.reason,
    session: why.session === '' ? '' : session(why.session),
    conversation: { name: id === '' ? '' : conversation(id), by },
    couldResume: why.wouldResumeIf !== null || why.reason === 'resumed_same_codex_session',
    candidates: why.candidates.slice(0, most).map((row) => ({ ...row, session: session(row.session) })),
    error: why.error && { code: knownWord(why.error.code) ?? '', message: text(why.error.message) },
  };
}

function historyPart({ events, unreadable }: History, { session }: Redactor) {
  const alias = (id: string | null): string | null => id && session(id);
  return {
    events: events.map(({ at, what, from, to, pid, transferId, reason, count, firstAt }) => ({
      ...{ at, what: knownWord(what) ?? '', from: alias(from), to: alias(to), pid },
      ...{ transferId: knownTransfer(transferId), reason: knownWord(reason), count, firstAt },
    })),
    unreadable: unreadable.reduce((sum, { lines }) => sum + (lines ?? 1), 0),
  };
}
