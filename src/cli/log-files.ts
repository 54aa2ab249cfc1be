import { unlinkSync } from 'node:fs';
import { protocol } from '../rules/protocol.ts';
import { firstNames } from '../store/file/files/first-names.ts';

/** How large a day's log gets before it is set aside, bytes; of how many days logs are kept. */
export const logLimits = { fileBytes: 1024 * 1024, days: 14 } as const;

/** More names than a folder of logs has, unless somebody fills it. */
const mostNames = 1_000;

const ours = new RegExp(`^${protocol.project.logPrefix}(\\d{4}-\\d\\d-\\d\\d)(\\.1)?\\.jsonl$`);

/** A file of the log. */
export interface LogFile {
  readonly name: string;
  /** UTC date, such as `2026-11-26`. */
  readonly day: string;
}

/**
 * Names of a day's log: the file that grows, and the one before it, which was full.
 *
 * @param day - UTC date
 */
export function logNames(day: string): { readonly name: string; readonly older: string } {
  const { logPrefix } = protocol.project;
  return { name: `${logPrefix}${day}.jsonl`, older: `${logPrefix}${day}.1.jsonl` };
}

/**
 * The files of a log, oldest first, by their exact names; none where the folder cannot be listed.
 *
 * @param folder - the folder of logs
 */
export function logFilesIn(folder: string): readonly LogFile[] {
  const files = (attempt(() => firstNames(folder, mostNames)) ?? []).flatMap((name) => {
    const [, day = '', aside] = ours.exec(name) ?? [];
    return day === '' ? [] : [{ name, day, order: day + (aside === undefined ? '1' : '0') }];
  });
  return files.sort((a, b) => (a.order < b.order ? -1 : 1));
}

/**
 * Removes logs of days before the last {@link logLimits} of them that have one. Never throws: whatever cannot be listed or
 * removed is left.
 *
 * @param folder - the folder of logs
 * @param today - UTC date; later ones are a wrong clock's, and left
 * @param at - the path of a name in it
 */
export function removeOldLogs(folder: string, today: string, at: (name: string) => string): void {
  const old = logFilesIn(folder).filter(({ day }) => day <= today);
  const kept = new Set([...new Set(old.map(({ day }) => day))].slice(-logLimits.days));
  for (const { name, day } of old) if (!kept.has(day)) attempt(() => unlinkSync(at(name)));
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
