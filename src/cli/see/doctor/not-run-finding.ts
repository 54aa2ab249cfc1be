import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isForgeState, isLive, iterationOf } from '../../../rules/forge-state.ts';
import { protocol } from '../../../rules/protocol.ts';
import { trimmedText } from '../../../rules/text.ts';
import { eachRun } from '../../../store/file/files/each-run.ts';
import { attempt } from '../../../store/file/files/io.ts';
import { statePaths } from '../../../store/file/files/paths.ts';
import { callRecords } from '../call-records.ts';
import { readJsonLines } from '../json-lines.ts';
import { type Finding, finding } from './finding.ts';
import { settledMs } from './is-old.ts';

const { fields, files } = protocol;
/** Most of the history that is read, from its end, bytes. */
const mostBytes = 256 * 1024;

/**
 * A hook that stands in a configuration and is not run. A call that has nothing to write leaves no trace, so that silence
 * alone proves nothing. But each of its calls gives the current run a conversation where it has none: one that counted
 * turns since the configuration was changed, and still has none, met no hook.
 *
 * @param stateDir - the state directory
 * @param configurations - the files in which our hooks stand
 */
export function notRunFinding(stateDir: string, configurations: readonly string[]): Finding[] {
  const changes = configurations.map((path) => ({ path, at: attempt(() => statSync(path).mtimeMs) ?? 0 }));
  const newest = changes.reduce((last, one) => (one.at > last.at ? one : last), { path: '', at: 0 });
  if (newest.path === '' || lastTrace(stateDir) > newest.at) return [];
  for (const { id, read } of eachRun(statePaths(stateDir))) {
    if (read.kind !== 'json' || !isForgeState(read.value) || !isLive(read.value)) continue;
    const hasCounted = (iterationOf(read.value) ?? 0) > 1 && Number(read.file.stat.mtimeMs) > newest.at + settledMs;
    if (!hasCounted || trimmedText(read.value[fields.ownerCodexSession]) !== '') continue;
    const since = new Date(newest.at).toISOString();
    const evidence = `changed at ${since}; since then the run of ${id} counted turns, and no call from a hook came`;
    return [finding('FR021', newest.path, evidence)];
  }
  return [];
}

/** When the logs or the history were last written to, epoch milliseconds. */
function lastTrace(stateDir: string): number {
  const { records: history } = readJsonLines(join(stateDir, files.ownFolder, files.history), mostBytes);
  const times = [...history.map(({ at }) => at), ...callRecords(stateDir).map(({ time }) => time)];
  return times.reduce<number>((last, time) => Math.max(last, Date.parse(String(time)) || 0), 0);
}
