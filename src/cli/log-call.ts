import { messageOf } from '../errors.ts';
import type { PayloadRequest, WayIn } from '../rules/payload.ts';
import { appendToLog } from './call-log.ts';
import type { CallOutcome } from './call-outcome.ts';
import { callRecord } from './call-record.ts';
import type { Project } from './find-project.ts';

/**
 * Logs a call in its project.
 *
 * @param way - how the agent reached us
 * @param request - what its payload asked for
 * @param project - whose log it is
 * @param outcome - how the call ended
 * @returns what must be said, if it could not be written
 */
export function logCall(
  way: WayIn,
  request: PayloadRequest,
  project: Project,
  outcome: CallOutcome,
): string | undefined {
  const time = new Date().toISOString();
  try {
    appendToLog(project, time, callRecord(way, request, outcome, time));
    return undefined;
  } catch (error) {
    // Its message names the way there, which is another than the plain path.
    const { code = messageOf(error) } = error as NodeJS.ErrnoException;
    return `the log could not be written in ${project.runtimeDir}: ${code}`;
  }
}
