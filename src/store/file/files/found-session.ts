import { protocol } from '../../../rules/protocol.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import { asText } from '../../../rules/text.ts';
import { type CurrentSessionPlace, findCurrentSession } from './current-session.ts';
import { readJsonAt } from './json-file.ts';

/** The current session, and what named it. */
export interface FoundSession {
  readonly session: string;
  /** A variable of the environment, or `session.json`. */
  readonly by: string;
}

/**
 * Finds the current session as a call does, and says how (src/rules/README.md#rule-2-current-session).
 *
 * @param place - paths, environment and policies of the call
 * @returns undefined where none is current
 * @throws ForgeResumeError `STATE_UNSAFE`, as the call would
 */
export async function foundSession(place: CurrentSessionPlace): Promise<FoundSession | undefined> {
  const { env } = place;
  const session = await findCurrentSession(place, readJsonAt);
  if (session === undefined) return undefined;
  const names: readonly string[] = protocol.env.sessionIds;
  const first = names.find((name) => isSessionId(asText(env[name]).trim()));
  const isFirst = first !== undefined && asText(env[first]).trim() === session;
  return { session, by: isFirst ? first : protocol.files.sessionRecord };
}
