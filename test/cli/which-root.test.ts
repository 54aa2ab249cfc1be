import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, type RunOptions, runProgram, startProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** Starts the inspector, reads where it looks, and stops it. */
async function inspect(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = startProgram(['inspect', ...args], options);
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (part: Buffer) => {
    stderr += part;
  });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (part: Buffer) => {
      stdout += part;
      if (stdout.includes('\n')) resolve();
    });
    child.once('close', () => resolve());
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  return { code: await closed, signal: null, stdout, stderr };
}

type Way = (more: readonly string[], options: RunOptions) => Promise<Ended>;
const run =
  (...words: readonly string[]): Way =>
  (more, options) =>
    runProgram([...words, ...more], options);

const commands: readonly (readonly [string, Way])[] = [
  ['status', run('status')],
  ['why', run('why')],
  ['doctor', run('doctor')],
  ['history', run('history')],
  ['report', run('report')],
  ['adopt', run('adopt', 'old', '--dry-run')],
  ['end', run('end', 'old', '--dry-run')],
  ['undo', run('undo', '--dry-run')],
  ['reconcile', run('reconcile', '--dry-run')],
  ['inspect', inspect],
];

/** A project in a folder of another one. */
function nested(): { readonly outer: Sandbox; readonly inner: string; readonly deep: string } {
  const outer = makeSandbox();
  outer.putRun('old', liveRun());
  const project = join(outer.project, 'inner');
  const inner = join(project, '.rcs/state');
  const deep = join(project, 'src/deep');
  fs.mkdirSync(join(inner, 'sessions/now'), { recursive: true });
  fs.mkdirSync(deep, { recursive: true });
  return { outer, inner, deep };
}

describe.each(commands)('which project a command works in: %s', (_name, command) => {
  it('the nearest one at or above the working folder; the other one is named, too', async () => {
    const { outer, inner, deep } = nested();
    const { stdout, stderr } = await command([], { cwd: deep });
    const said = stdout + stderr;
    expect(said).toMatch(new RegExp(`(?<!not (in|of|used:) )${inner}`));
    expect(said).toMatch(new RegExp(`(not (in|of|used:) |FR014.*\\n +)${outer.stateDir}`));
  });

  it('the one that the agent names, before that', async () => {
    const { deep } = nested();
    const other = makeSandbox();
    other.putSessions('now');
    const { stdout, stderr } = await command([], { cwd: deep, env: { CLAUDE_PROJECT_DIR: other.project } });
    expect(stdout + stderr).toMatch(new RegExp(`(?<!not (in|of|used:) )${other.stateDir}`));
  });
});

describe('which project a command works in: --state-dir', () => {
  it.each(commands.filter(([name]) => name !== 'inspect'))('%s takes that one', async (_name, command) => {
    const { outer, inner, deep } = nested();
    const { stdout, stderr } = await command(['--state-dir', outer.stateDir], {
      cwd: deep,
      env: { CLAUDE_PROJECT_DIR: join(inner, '../..') },
    });
    expect(stdout + stderr).toMatch(new RegExp(`(?<!not (in|of|used:) )${outer.stateDir}`));
  });

  it('inspect shows its recordings', async () => {
    const { outer, deep } = nested();
    const { stderr } = await inspect(['--state-dir', outer.stateDir], { cwd: deep });
    expect(stderr).toBe(`forge-resume inspect: ${join(outer.project, '.rcs/logs/recordings')} is not there yet\n`);
  });
});

it('which project a command works in: one that is given is no other one, however it is written', async () => {
  const { project } = makeSandbox();
  const link = join(makeSandbox({ stateDir: false }).project, 'link');
  fs.symlinkSync(project, link);
  for (const given of ['.rcs/state', './.rcs/../.rcs/state/', join(link, '.rcs/state')]) {
    const { stdout } = await runProgram(['status', '--json', '--state-dir', given], { cwd: project });
    expect(JSON.parse(stdout)).toMatchObject({ root: given, others: [] });
  }
});

it('which project a command works in: inspect shows what FORGE_RESUME_RECORD names before a project', async () => {
  const { outer, deep } = nested();
  const { stderr } = await inspect([], { cwd: deep, env: { FORGE_RESUME_RECORD: outer.project } });
  expect(stderr).toBe('');
});

it('which project a command works in: inspect works outside of all', async () => {
  const { code, stdout, stderr } = await inspect([], { cwd: '/' });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^http:/), stderr: '' });
});
