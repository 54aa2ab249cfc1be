import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookEvents } from '../../src/cli/install/hook-events.ts';
import { illnesses } from '../../src/cli/see/doctor/illnesses.ts';
import { ills } from '../support/doctor/ills.ts';
import { age } from '../support/doctor/patient.ts';
import { deadPid } from '../support/processes.ts';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { fencesOf, readPage } from './markdown.ts';
import { shellOf } from './newcomer.ts';

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000 - 60_000).toISOString();

/** The project of which the section tells. */
async function makeProject(): Promise<Sandbox> {
  const box = makeSandbox();
  const run = {
    current_phase: 'executing',
    started_at: hoursAgo(9),
    owner_codex_session_id: 'conversation-7',
    owner_rcs_session_id: 'launch-1',
  };
  box.putRun(
    'launch-1',
    liveRun({ ...run, iteration: 3, tmux_pane_id: '%1', updated_at: hoursAgo(2), pid: await deadPid() }),
  );
  box.putRun('launch-0', liveRun({ ...run, active: false, current_phase: 'complete', updated_at: hoursAgo(30) }));
  box.putSessions('launch-2');
  return box;
}

/** What the section shows below a command: what stands behind it, up to the next one. */
function shown(heading: string, index: number): string {
  const outputs = fencesOf('README.md').filter((fence) => fence.heading === heading && fence.language === 'text');
  return outputs[index]?.text ?? '';
}

describe('README, "See what is there"', () => {
  it('status shows what the section shows', async () => {
    const box = await makeProject();
    const [[command = ''] = []] = shellOf('See what is there');
    expect(command).toBe('forge-resume status');
    const env = { CLAUDE_PROJECT_DIR: box.project, RCS_SESSION_ID: 'launch-2' };
    const { code, stdout } = await runProgram(command.split(' ').slice(1), { env });
    expect(code).toBe(0);
    expect(stdout.replaceAll(box.project, '/home/me/project').trimEnd()).toBe(shown('See what is there', 0));
    expect(fs.existsSync(join(box.stateDir, '.forge-resume'))).toBe(false);
  });

  it('why shows what the section shows, and the command that it names changes the answer', async () => {
    const box = await makeProject();
    const [, [command = ''] = []] = shellOf('See what is there');
    const env = { CLAUDE_PROJECT_DIR: box.project, RCS_SESSION_ID: 'launch-2' };
    const { code, stdout } = await runProgram(command.split(' ').slice(1), { env });
    expect(code).toBe(0);
    expect(stdout.replaceAll(box.project, '/home/me/project').trimEnd()).toBe(shown('See what is there', 1));
    const [, change = ''] = /^To change it: forge-resume (.*)$/m.exec(stdout) ?? [];
    expect(await runProgram(change.split(' '), { env })).toMatchObject({ stdout: expect.stringMatching(/^Resumed/) });
  });

  it('doctor and doctor --fix show what the section shows', async () => {
    const box = await makeProject();
    age(box.putRun('launch-0', ''));
    fs.mkdirSync(join(box.project, '.claude'));
    const hooks = [{ hooks: [{ type: 'command', command: 'forge-resume hook' }] }];
    const settings = { hooks: Object.fromEntries(hookEvents.map((event) => [event, hooks])) };
    fs.writeFileSync(join(box.project, '.claude/settings.json'), JSON.stringify(settings));
    const env = { CLAUDE_PROJECT_DIR: box.project, HOME: box.project, PATH: dirname(process.execPath) };
    for (const [index, exit] of [
      [2, 3],
      [3, 0],
    ] as const) {
      const [command = ''] = shellOf('See what is there')[index] ?? [];
      const { code, stdout } = await runProgram(command.split(' ').slice(1), { env });
      expect(stdout.replaceAll(box.project, '/home/me/project').trimEnd()).toBe(shown('See what is there', index));
      expect(code).toBe(exit);
    }
  });

  it('the table of illnesses is that of the code, and says which of them --fix mends', () => {
    expect(readPage('README.md')).toContain(`\n${illnessTable()}\n`);
  });
});

/** What becomes of an illness with `--fix`, by the ways to have it that are tried. */
function fate(id: string): string {
  const ways = new Set(ills.filter((ill) => ill.id === id).map(({ mendedBy }) => mendedBy === 'fix'));
  return ways.size === 2 ? 'mended where it can be kept' : ways.has(true) ? 'mended' : 'left to you';
}

function illnessTable(): string {
  const rows = Object.entries(illnesses).map(
    ([id, { name, severity, meaning }]) => `| ${id} | ${name} | ${severity} | ${meaning} | ${fate(id)} |`,
  );
  return [
    '| illness | name | severity | what it means | with `--fix` |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
