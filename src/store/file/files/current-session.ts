import { resolve } from 'node:path';
import { ForgeResumeError } from '../../../errors.ts';
import type { Policies } from '../../../rules/policies.ts';
import { sessionIdFromEnv } from '../../../rules/session-id.ts';
import { sessionIdFromRecord } from '../../../rules/session-record.ts';
import { attempt } from './io.ts';
import type { JsonRead } from './json-file.ts';
import { lstatSync, realpathSync } from './node-fs.ts';
import type { StatePaths } from './paths.ts';
import { processFacts } from './process-facts.ts';

/** Where the current session is looked for. */
export interface CurrentSessionPlace {
  readonly paths: StatePaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the caller asks for beyond the rule; of it, `sessionFrom` matters here. */
  readonly policies?: Policies | undefined;
}

/**
 * Finds the current RCS session (src/rules/README.md#rule-2-current-session).
 *
 * @param place - paths, environment and policies of the call
 * @param read - reads `session.json`
 * @returns its id, or undefined
 * @throws ForgeResumeError `STATE_UNSAFE` where `sessions/` or the session's folder is a link
 *   (src/rules/README.md#rule-10-unsafe-files)
 */
export async function findCurrentSession(
  { paths, env, policies }: CurrentSessionPlace,
  read: (path: string) => JsonRead | Promise<JsonRead>,
): Promise<string | undefined> {
  refuseLink(paths.sessions);
  const recorded = async (needsProcess: boolean): Promise<string | undefined> => {
    const record = await read(paths.sessionRecord);
    if (record.kind !== 'json') return undefined;
    const id = sessionIdFromRecord(record.value, {
      isProject: (cwd) => realOrResolved(cwd) === realOrResolved(resolve(paths.stateDir, '..', '..')),
      processFacts,
      needsProcess,
    });
    if (id !== undefined) refuseLink(paths.session(id));
    return id;
  };
  const pointed = policies?.sessionFrom === 'pointer' ? await recorded(true) : undefined;
  if (pointed !== undefined) return pointed;
  const proposed = sessionIdFromEnv(env);
  if (proposed !== undefined && refuseLink(paths.session(proposed))) return proposed;
  return await recorded(false);
}

/** Whether something stands at a path; throws if it is a link. */
function refuseLink(path: string): boolean {
  const stat = attempt(() => lstatSync(path));
  if (stat?.isSymbolicLink()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`);
  return stat !== undefined;
}

function realOrResolved(path: string): string {
  const resolved = resolve(path);
  return attempt(() => realpathSync.native(resolved)) ?? resolved;
}
