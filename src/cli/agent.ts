import { messageOf } from '../errors.ts';
import type { WayIn } from '../rules/payload.ts';
import { answerAgent } from './answer-agent.ts';
import { complain } from './write-line.ts';

/**
 * Answers an agent and ends the process with exit code 0, whatever happens: exit 2 would block the agent, others count
 * as a failed hook.
 *
 * @param way - the way in
 * @param readPayload - gives the payload's text; what it throws is said
 */
export function runAgent(way: WayIn, readPayload: () => string): void {
  const leave = (): never => process.exit(0);
  const crash = (error: unknown): never => {
    complain(`forge-resume ${way}: ${messageOf(error)}`);
    return leave();
  };
  // Rejections that nobody handles arrive here as well.
  process.on('uncaughtException', crash);
  answerAgent(way, readPayload).then(leave, crash);
}
