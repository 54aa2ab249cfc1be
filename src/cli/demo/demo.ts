import { setImmediate as nextTurn } from 'node:timers/promises';
import { runCall } from '../../call/run-call.ts';
import { reasons } from '../../rules/protocol.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { output, writeText } from '../write-line.ts';
import { compareRuns } from './comparison.ts';
import { onStage, type Stage } from './stage.ts';
import { collectStatePath } from './state-path.ts';

const conversation = 'conversation-7';
const before = 'launch-1';
const after = 'launch-2';

const say = (...lines: string[]): void => {
  for (const line of lines) writeText(output.stdout, `${printable(line)}\n`);
};

const enter = (sessionId: string, { tmux }: Stage, pane: string): void => {
  // The pane look-up starts from this process's own environment, so the demo has to live in the pane it shows.
  const place = tmux?.environment(pane);
  Object.assign(process.env, place, { RCS_SESSION_ID: sessionId });
  if (place === undefined) delete process.env['TMUX_PANE'];
};

const callAfterTurn = async (stateDir: string) => {
  const { inspect, path } = collectStatePath();
  const result = await runCall({ stateDir, payloadSessionId: conversation, inspect });
  return { result, path };
};

const launch = ({ project, tmux }: Stage): string => {
  project.launch(before);
  const pane = tmux?.openAgent() ?? '';
  const now = new Date().toISOString();
  project.startRun(before, {
    active: true,
    current_phase: 'executing',
    iteration: 3,
    max_iterations: 10,
    started_at: now,
    owner_rcs_session_id: before,
    owner_codex_session_id: conversation,
    ...(pane === '' ? {} : { tmux_pane_id: pane, tmux_pane_set_at: now }),
  });
  return pane;
};

const inPane = (pane: string): string => (pane === '' ? '' : ` in tmux pane ${pane}`);

const play = async (stage: Stage): Promise<void> => {
  const { project, tmux } = stage;
  say('A forge run outlives the session it was started in: launch, crash, resume.', '');
  say(`Scratch project: ${project.root}, removed at the end.`);
  say(tmux ? `Private ${tmux.version} server, removed as well.` : 'tmux is not there: the same, without panes.', '');
  await nextTurn();

  const firstPane = launch(stage);
  say(`1. Launch. The runtime starts session ${before}${inPane(firstPane)}. The agent, in ${conversation},`);
  say('   works on a forge run: 3 of 10 iterations are done.', '');
  const runBefore = project.readRun(before);
  await nextTurn();

  tmux?.crash(firstPane);
  say(`2. Crash. The agent is killed. The run still says "active", but its session ${before} is gone.`, '');
  await nextTurn();

  project.launch(after);
  const secondPane = tmux?.openAgent() ?? '';
  enter(after, stage, secondPane);
  say(`3. Resume. The user resumes ${conversation}: the runtime starts session ${after}${inPane(secondPane)}.`);
  say('   After the first turn the agent calls us. The call went through these states:');
  const { result, path } = await callAfterTurn(project.stateDir);
  say(...path.map((state) => `     ${state}`), `   and decided: ${result.reason}`, '');
  if (result.reason !== reasons.resumed) throw new Error(`the demo expected ${reasons.resumed}`);

  say('The run before and after:', '');
  const columns = [
    { title: `${before}, before`, run: runBefore },
    { title: `${before}, after`, run: project.readRun(before) },
    { title: `${after}, after`, run: project.readRun(after) },
  ];
  say(...compareRuns(columns).map((line) => `  ${line}`), '');

  const again = await callAfterTurn(project.stateDir);
  say(`4. Next turn. The agent calls us again: ${again.result.reason}, nothing left to do.`);
};

/**
 * Plays launch, crash and resume in a scratch project and explains each step on standard output.
 *
 * @returns the exit code
 * @throws Error where the hand-over did not happen; nothing of the scratch project stays
 */
export async function runDemo(): Promise<number> {
  await onStage(play);
  return exitCodes.ok;
}
