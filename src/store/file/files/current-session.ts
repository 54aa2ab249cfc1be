import { resolve } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { sessionIdFromEnv } from '../../../rules/session-id.ts';
import { sessionIdFromRecord } from '../../../rules/session-record.ts';
import type { Call } from '../transfer/call.ts';
import { attempt } from './io.ts';
import { readJson } from './json-file.ts';
import { processFacts } from './process-identity.ts';

/**
 * Finds the current RCS session (rule 2).
 *
 * @param call - the call
 * @returns its id, or undefined
 * @throws ForgeResumeError `STATE_UNSAFE` where `sessions/` or the session's folder is a link (rule 10)
 */
export async function findCurrentSession(call: Call): Promise<string | undefined> {
  const { paths } = call;
  refuseLink(paths.sessions);
  const proposed = sessionIdFromEnv(call.env);
  if (proposed !== undefined && refuseLink(paths.session(proposed))) return proposed;
  const record = await readJson(paths.sessionRecord);
  if (record.kind !== 'json') return undefined;
  const recorded = sessionIdFromRecord(record.value, {
    isProject: (cwd) => realOrResolved(cwd) === realOrResolved(resolve(paths.stateDir, '..', '..')),
    processFacts,
  });
  if (recorded !== undefined) refuseLink(paths.session(recorded));
  return recorded;
}

/** Whether something stands at a path; throws if it is a link. */
function refuseLink(path: string): boolean {
  const stat = attempt(() => fs.lstatSync(path));
  if (stat?.isSymbolicLink()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`);
  return stat !== undefined;
}

function realOrResolved(path: string): string {
  const resolved = resolve(path);
  return attempt(() => fs.realpathSync.native(resolved)) ?? resolved;
}
