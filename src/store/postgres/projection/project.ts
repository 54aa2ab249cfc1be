import type { Recovery } from '../../../../machines/contract.ts';
import { isForgeState, isLive, isSameRun } from '../../../rules/forge-state.ts';
import { runIn } from '../../../rules/journal.ts';
import { readJson } from '../../file/files/json-file.ts';
import { sha256 } from '../../file/files/sha256.ts';
import type { Call as FileCall } from '../../file/transfer/call.ts';
import { inSession } from '../../file/transfer/place.ts';
import { readAt } from '../../file/transfer/read-at.ts';
import { putBack } from '../../file/transfer/run-file.ts';
import { createAt, replaceAt } from '../../file/transfer/write-at.ts';
import { isOneTimeline } from '../rows/epoch.ts';
import type { RunRow } from '../rows/run-row.ts';
import { type BesideRun, projectCompanions } from './companions.ts';
import { judgeFile, type LocalRun } from './local-run.ts';
import { clearLeft, readNote, writeNote } from './note.ts';
import { judgeRun } from './push.ts';
import { setAside } from './set-aside.ts';

/** How often a file that its runtime keeps writing is judged anew before it is left to the next call. */
const tries = 3;

/**
 * Makes a session's file what its row says, and notes what both have in common. A file that went on is left: the next call
 * pushes it.
 *
 * @param call - a call on the host's files that holds their lock
 * @param id - the session
 * @param readRow - reads its row
 * @param beside - the files beside it
 * @returns the copy that was ended, if one was
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, `LOCK_LOST`
 */
export async function projectRun(
  call: FileCall,
  id: string,
  readRow: () => Promise<RunRow | undefined>,
  { pushed, read: readBeside, warn }: BesideRun,
): Promise<Recovery | undefined> {
  clearLeft(call, id);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const read = await readJson(() => readAt(call, inSession(id)));
    const run: LocalRun = { id, ...judgeFile(read), note: readNote(call.paths, id) };
    const { row, step } = judgeRun(run, await readRow());
    if (step === 'nothing' && pushed !== undefined && run.note !== undefined) {
      await writeNote(call, id, { ...run.note, companions: pushed });
      return undefined;
    }
    if (row === undefined || step === 'nothing' || step === 'push' || step === 'behind') return undefined;
    const content = Buffer.from(row.text);
    const isLiveRow = isForgeState(row.value) && isLive(row.value);
    const arrives = step === 'project' && isLiveRow && run.note?.epoch !== row.epoch;
    const companions =
      arrives && readBeside !== undefined
        ? await projectCompanions(call, run, await readBeside(), warn)
        : (pushed ?? run.note?.companions ?? {});
    if (step === 'note' || (await write(call, run, row, read, content))) {
      await writeNote(call, id, { epoch: row.epoch, version: row.version, sha256: sha256(content), companions });
      return step === 'project' ? endedCopy(run, row) : undefined;
    }
  }
  return undefined;
}

/** Puts a row's text into the file; false where the file changed meanwhile. */
async function write(
  call: FileCall,
  run: LocalRun,
  row: RunRow,
  read: Awaited<ReturnType<typeof readJson>>,
  content: Buffer,
): Promise<boolean> {
  const { id, file } = run;
  if (read.kind !== 'json') return createAt(call, inSession(id), content);
  const given = { session: id, transferId: row.endedBy, atMs: Number(read.file.stat.mtimeMs) };
  if (file.kind === 'run' && !isStored(run, row)) setAside(call, { ...given, bytes: read.file.bytes });
  const replaced = await replaceAt(call, inSession(id), read.file, content);
  if (replaced.kind === 'changed') return false;
  if (replaced.late !== undefined) {
    const late = runIn(replaced.late);
    const isOther = late !== undefined && isForgeState(row.value) && !isSameRun(late, row.value);
    if (isOther) await putBack(call, id, replaced.late, content);
    else setAside(call, { ...given, bytes: replaced.late });
  }
  if (replaced.syncError !== undefined) throw replaced.syncError;
  return true;
}

/** Whether the database had what the file holds, and did not lose it with an older timeline. */
const isStored = ({ file, note }: LocalRun, { version }: RunRow): boolean =>
  file.kind === 'run' && file.sha256 === note?.sha256 && isOneTimeline(note.version, version);

/** A file that had gone on, or come back to life, behind its hand-over. */
function endedCopy({ file, note }: LocalRun, { endedBy }: RunRow): Recovery | undefined {
  const hadGoneOn = file.kind === 'run' && isLive(file.value) && file.sha256 !== note?.sha256;
  return hadGoneOn && endedBy !== null ? { transferId: endedBy, outcome: 'copy_ended' } : undefined;
}
