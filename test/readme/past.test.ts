import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stopEvent } from '../support/payloads.ts';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { fencesOf } from './markdown.ts';
import { shellOf } from './newcomer.ts';

const heading = 'See what happened';

/** The project of which the section tells: a hand-over, then two runs of one conversation. */
async function makeProject(): Promise<Sandbox> {
  const box = makeSandbox();
  box.declare({ liveRuns: 2 });
  const run = liveRun({ owner_rcs_session_id: 'launch-1', owner_codex_session_id: 'conversation-7' });
  box.putRun('launch-1', run);
  box.putSessions('launch-2', 'launch-3');
  const hook = async (session: string): Promise<void> => {
    const input = stopEvent(box.project, { session_id: 'conversation-7' });
    await runProgram(['hook'], { env: { RCS_SESSION_ID: session }, input });
  };
  await hook('launch-2');
  box.putRun('launch-0', { ...run, owner_rcs_session_id: 'launch-0' });
  for (let turn = 0; turn < 3; turn += 1) await hook('launch-3');
  fs.mkdirSync(join(box.project, '.claude'));
  fs.writeFileSync(join(box.project, '.claude/settings.json'), '{"hooks":"forge-resume hook"}');
  return box;
}

/** What differs from one run, and from one machine, to another. */
const steady = (text: string): string =>
  text
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
    .replaceAll(/\b[a-z0-9]{8}-[a-z0-9]{8}\b/g, '<transfer>')
    .replaceAll(/\| (package|node|system|tmux|lock) \|.*/g, '| $1 | <version> |')
    .replaceAll(/(?<= )\d{2,7}(?= )/g, '<pid>')
    .replaceAll(/ {2,}/g, '  ');

describe('README, "See what happened"', () => {
  const commands = shellOf(heading).flat();
  const outputs = fencesOf('README.md').filter((fence) => fence.heading === heading && fence.language === 'text');
  it.each(commands.map((command, index) => [command, index] as const))(
    '%s shows what the section shows',
    async (command, index) => {
      const box = await makeProject();
      const env = { CLAUDE_PROJECT_DIR: box.project, RCS_SESSION_ID: 'launch-3', PATH: dirname(process.execPath) };
      const { code, stdout } = await runProgram(command.split(' ').slice(1), { env });
      expect(code).toBe(0);
      const said = stdout.replaceAll(box.project, '/home/me/project');
      expect(steady(said)).toBe(steady(outputs[index]?.text ?? ''));
    },
  );

  it('shows three', () => expect(commands).toHaveLength(3));
});
