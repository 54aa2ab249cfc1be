import { isTeamWorker, judgePayload, type WayIn } from '../rules/payload.ts';
import type { Policies } from '../rules/policies.ts';
import { searchStarts } from '../rules/project.ts';
import { callForAgent } from './call-for-agent.ts';
import { failureText } from './failure-text.ts';
import { findProject } from './find-project.ts';
import { readStdin } from './read-stdin.ts';
import { recordSwitches } from './record-switches.ts';
import { complain } from './write-line.ts';

/** The switch that lets a state directory lie outside its project. */
const followLinks = '--follow-links';

/** What asks for a policy, or switches us off: a variable's name, or a switch. */
const policyWord =
  /^(FORGE_RESUME(_(STALE|REQUIRE|REFUSE|SESSION|ALLOWED).*)?|--(stale|require|refuse|session|allow).*)$/s;

/** What follows it are the words of another notification program, and the payload. */
const then = '--then';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be the user's.
    return undefined;
  }
};

/**
 * Does what an agent's payload asks for (src/rules/README.md#what-the-agent-sends): prints nothing on standard output,
 * says at most one line on standard error.
 *
 * @param way - the way in
 * @param args - the program's arguments behind the way in; a notification's payload is the last one
 * @throws whatever cannot be loaded, or read from standard input, and a policy's switch that cannot be understood: the call is
 *   not made then
 */
export async function answerAgent(way: WayIn, args: readonly string[]): Promise<void> {
  const say = (text: string): void => complain(`forge-resume ${way}: ${text}`);
  const chain = way === 'notify' ? args.indexOf(then) : -1;
  // A notification's last argument is the payload, whatever it says.
  const own = chain !== -1 ? args.slice(0, chain) : way === 'notify' ? args.slice(0, -1) : args;
  if (chain !== -1) {
    // Whatever becomes of the other program, our own work goes on.
    const started = import('./chain-notify.ts').then(({ startChained }) => startChained(args.slice(chain + 1), say));
    await started.catch((error: unknown) => say(failureText(error)));
  }
  // Read even where it will not be used: an agent may take a pipe that closes early for a failure.
  const text = way === 'hook' ? readStdin() : (args.at(-1) ?? '');
  if (text === undefined || isTeamWorker(process.env)) return;
  const payload = parse(text);
  const request = judgePayload(way, payload);
  if (request === 'invalid') return say('the payload is no JSON object; see --help');
  if (request === 'nothing') return;
  const project = findProject(searchStarts(request.cwd, process.env));
  if (project === undefined) return;
  if (!project.isInside && !own.includes(followLinks)) {
    return say(`${project.stateDir} leads out of the project by a link; ${followLinks} allows it`);
  }
  let policies: Policies | 'off' = {};
  if ([...own, ...Object.keys(process.env)].some((word) => policyWord.test(word))) {
    policies = (await import('./policy-switches.ts')).agentPolicies(own, process.env, policyWord);
    if (policies === 'off') return;
  }
  const record = recordSwitches(own, process.env);
  const complaint = await callForAgent(way, request, project, policies, record && { ...record, payload });
  if (complaint !== undefined) say(complaint);
}
