import { protocol } from './protocol.ts';
import { isSessionId } from './session-id.ts';
import { asText, trimmedText } from './text.ts';

const names = protocol.sessionRecordFields;

/** What can be asked of the operating system about a process. */
export interface ProcessFacts {
  /** Whether the process answers signal 0; no permission counts as no. */
  readonly alive: boolean;
  /** Field 22 of `/proc/<pid>/stat`; undefined where it cannot be known. */
  readonly startTicks: number | undefined;
  /** `/proc/<pid>/cmdline` as it is; undefined where it cannot be read. */
  readonly cmdline: string | undefined;
  /** Whether this host has `/proc` as Linux has it. */
  readonly linux: boolean;
}

/** What rule 2 (src/rules/README.md#rule-2-current-session) needs beside the parsed file. */
export interface SessionRecordFacts {
  /** Whether a path is the project's, both resolved and real where they exist. */
  readonly isProject: (cwd: string) => boolean;
  /** Looks a process up. */
  readonly processFacts: (pid: number) => ProcessFacts;
  /** Whether a record that names no process is not enough (src/rules/README.md#policies). */
  readonly needsProcess?: boolean | undefined;
}

/**
 * The session that `session.json` names, if the file is usable (src/rules/README.md#rule-2-current-session).
 *
 * @param record - the parsed file
 * @param facts - look-ups that need the operating system; called only where the record asks for them
 * @returns the id as written, a number as its text, or undefined
 */
export function sessionIdFromRecord(record: unknown, facts: SessionRecordFacts): string | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
  const fields = record as Readonly<Record<string, unknown>>;
  const id = asText(fields[names.sessionId]);
  if (!isSessionId(id)) return undefined;
  const cwd = fields[names.cwd];
  if (typeof cwd === 'string' && cwd.trim() !== '' && !facts.isProject(cwd)) return undefined;
  return namesLiveProcess(fields, facts) ? id : undefined;
}

function namesLiveProcess(fields: Readonly<Record<string, unknown>>, facts: SessionRecordFacts): boolean {
  const pid = fields[names.pid];
  const ticks = fields[names.pidStartTicks];
  const cmdline = fields[names.pidCmdline];
  const carriesFacts = isPid(pid) || typeof ticks === 'number' || typeof cmdline === 'string';
  if (!carriesFacts) return facts.needsProcess !== true;
  if (!isPid(pid)) return false;
  const found = facts.processFacts(pid);
  if (!found.alive) return false;
  if (!found.linux) return true;
  if (typeof ticks !== 'number' || ticks !== found.startTicks) return false;
  const wanted = foldCmdline(trimmedText(cmdline));
  return wanted === '' || (found.cmdline !== undefined && wanted === foldCmdline(found.cmdline));
}

const isPid = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** A command line as it is compared: NULs as spaces, white space folded, trimmed. */
function foldCmdline(text: string): string {
  return text.replaceAll('\0', ' ').replace(/\s+/g, ' ').trim();
}
