import { lstatSync } from 'node:fs';
import type { Recovery } from '../../../../machines/contract.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { eachRun } from '../../file/files/each-run.ts';
import { attempt } from '../../file/files/io.ts';
import { readJsonAt } from '../../file/files/json-file.ts';
import { statePaths } from '../../file/files/paths.ts';
import { underLock } from '../../file/transfer/under-lock.ts';
import { readCompanions } from '../rows/companions.ts';
import { readHeads, readRun } from '../rows/run-row.ts';
import { pushBeside } from './companions.ts';
import type { Host, RunHead } from './host.ts';
import { isInSync, judgeFile, type LocalRun, localRun } from './local-run.ts';
import { meetBehind } from './meet-behind.ts';
import { clearLeft, forgetNote, forgetNotes, syncNotes } from './note.ts';
import { projectRun } from './project.ts';
import { judgeRun, makeKnown, pushRun, takesAway } from './push.ts';
import { setAside } from './set-aside.ts';
import { unknownClaims } from './unknown-claims.ts';

/**
 * Opens the files of one clone of the project (src/store/postgres/README.md#files-as-a-projection).
 *
 * @param stateDir - its state directory; it need not exist
 * @param isDry - whether its files are left as they are
 */
export function openHost(stateDir: string, isDry = false): Host {
  const paths = statePaths(stateDir);
  const isFolder = (path: string): boolean => attempt(() => lstatSync(path).isDirectory()) ?? false;
  /** A lock of somebody who was killed when nothing else was left to do. */
  const isLittered = (): boolean => attempt(() => lstatSync(paths.lockFolder)) !== undefined;
  const refuseLinks = (session: string): void => {
    for (const path of isSessionId(session) ? [paths.sessions, paths.session(session)] : [paths.sessions]) {
      if (attempt(() => lstatSync(path).isSymbolicLink()) !== true) continue;
      throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`);
    }
  };
  const here = (current: string): LocalRun[] => {
    const runs = [...eachRun(paths)].map(({ id, read }) => localRun(paths, id, read));
    const isThere = !isSessionId(current) || runs.some(({ id }) => id === current);
    return isThere ? runs : [...runs, localRun(paths, current)];
  };

  return {
    isThere: () => attempt(() => lstatSync(`${paths.stateDir}/.`).isDirectory()) ?? false,
    location: (session) => (isFolder(paths.session(session)) ? paths.location(session) : undefined),
    inTheWay: async (session) => judgeFile(await readJsonAt(paths.run(session))).inTheWay,
    look: (session) => {
      refuseLinks(session);
      const own = localRun(paths, session);
      const runs = own.file.kind === 'run' && isActiveRun(own.file.value) ? [own] : here(session);
      const inSync = (heads: ReadonlyMap<string, RunHead>, run: LocalRun) => isInSync(run, heads.get(run.id));
      return {
        sessions: runs.map(({ id }) => id),
        isLittered: isLittered(),
        isInSync: (heads, only) => runs.every((run) => (only !== undefined && run.id !== only) || inSync(heads, run)),
      };
    },
    unknownClaims: (pool, project) => unknownClaims(pool, project, here('')),
    isFree: ({ memory }, session, isHome) => {
      const { file, note } = localRun(paths, session);
      if (memory.resettled === session || file.kind === 'absent') return true;
      return isHome && file.kind === 'run' && file.sha256 === note?.sha256;
    },
    push: async (call, input, only) => {
      const { connection, project } = call.lease;
      const { session } = call.options;
      refuseLinks(session);
      let isWritten = only === undefined && isSessionId(session) && (await makeKnown(call, session));
      const runs = only === undefined ? here(session) : [localRun(paths, only)];
      const heads = await readHeads(
        connection,
        project,
        runs.map(({ id }) => id),
      );
      const forget = async (id: string) => {
        if (!isDry) await underLock(paths, (files) => forgetNote(files, id));
      };
      // What a transaction brought that was taken back is not there.
      if (only === undefined) call.memory.pushed.clear();
      const pushed: LocalRun[] = [];
      const surroundings = { runs, heads, location: paths.location, forget };
      for (const seen of runs) {
        if (isInSync(seen, heads.get(seen.id))) continue;
        const run = seen.file.kind === 'torn' ? localRun(paths, seen.id, await readJsonAt(paths.run(seen.id))) : seen;
        const judged = judgeRun(run, await readRun(connection, project, run.id));
        if (judged.step === 'behind') isWritten = (await meetBehind(call, input, judged, surroundings)) || isWritten;
        if (judged.step !== 'push') continue;
        pushed.push(run);
        const { row } = judged;
        if (!isDry && row !== undefined && takesAway(judged)) {
          const given = { session: run.id, atMs: row.writtenMs, bytes: Buffer.from(row.text) };
          await underLock(paths, (files) => setAside(files, given));
        }
        await pushRun(call, judged);
        isWritten = true;
      }
      if (only !== undefined || call.options.companions !== 'carry') return isWritten;
      const inStep = runs.filter((run) => isInSync(run, heads.get(run.id)));
      for (const run of [...pushed, ...inStep]) isWritten = (await pushBeside(call, paths, run)) || isWritten;
      return isWritten;
    },
    project: async (call, only) => {
      if (isDry) return [];
      const { connection, project } = call.lease;
      const { session } = call.options;
      const ids =
        only?.filter((id) => id === session || isFolder(paths.session(id))) ?? here(session).map(({ id }) => id);
      const heads = await readHeads(connection, project, ids);
      const { pushed, warnings } = call.memory;
      const open = ids.filter((id) => pushed.has(id) || !isInSync(localRun(paths, id), heads.get(id)));
      const wasKilled = isLittered();
      if (open.length === 0 && !wasKilled) return [];
      return await underLock(paths, async (files) => {
        if (wasKilled) for (const id of ids) clearLeft(files, id);
        const recovered: Recovery[] = [];
        for (const id of open) {
          const carries = call.options.companions === 'carry';
          const copy = await projectRun(files, id, () => readRun(connection, project, id), {
            pushed: pushed.get(id),
            read: carries ? () => readCompanions(connection, { project, session: id }) : undefined,
            warn: (text) => warnings.add(text),
          });
          pushed.delete(id);
          if (copy !== undefined) recovered.push(copy);
        }
        syncNotes(files);
        return recovered;
      });
    },
    keep: async ({ session, writtenMs, text }) => {
      if (isDry) return undefined;
      const given = { session, transferId: 'end', atMs: writtenMs, bytes: Buffer.from(text) };
      return await underLock(paths, (files) => setAside(files, given));
    },
    leave: () => underLock(paths, (files) => forgetNotes(files, paths)),
  };
}
