import fs from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { answerInTerminal, runInTerminal } from '../support/in-terminal.ts';
import { stopEvent } from '../support/payloads.ts';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

/** A project with a run of somebody else's. */
function project(fields: object = {}): Sandbox {
  const box = makeSandbox();
  box.putSessions('now');
  box.putRun('old', liveRun({ owner_codex_session_id: 'someone-else', owner_rcs_session_id: 'old', ...fields }));
  return box;
}

const ask = (box: Sandbox, words: string, answer: string, meanwhile?: () => void): Promise<string> =>
  answerInTerminal(words, {
    cwd: box.project,
    env: { RCS_SESSION_ID: 'now' },
    answer,
    ...(meanwhile === undefined ? {} : { meanwhile }),
  });

describe.runIf(needs('script'))('adopt, end and undo at a terminal', () => {
  it('show the plan, ask, and y does it', async () => {
    const box = project();
    const seen = await ask(box, 'adopt old', 'y\r');
    expect(seen).toMatch(/^Adopt: plan [\s\S]*Do this\? \[y\/N\] [\s\S]*Adopted: [\s\S]*exit 0\n$/);
    expect(box.run('now')).toMatchObject({ active: true });
    expect(await ask(box, 'undo', 'yes\r')).toMatch(/Do this\? \[y\/N\] [\s\S]*Given back: [\s\S]*exit 0\n$/);
    expect(await ask(box, 'end old', 'Y\r')).toMatch(/Do this\? \[y\/N\] [\s\S]*Ended: [\s\S]*exit 0\n$/);
    expect(box.run('old')).toMatchObject({ active: false, stop_reason: 'ended_by_user' });
  });

  it.each(['n\r', '\r', 'nay\r', '\u0004', '\u0003'])('%j changes nothing, exit 1', async (answer) => {
    const box = project();
    const before = box.snapshot();
    for (const words of ['adopt old', 'end old']) {
      expect(await ask(box, words, answer)).toMatch(/nothing was changed\nexit 1\n$/);
    }
    expect(box.snapshot()).toEqual(before);
  });

  it('a run that moves while somebody thinks about it stays as it is', async () => {
    const box = project();
    const turn = (): void => void box.putRun('old', { ...box.run('old'), iteration: 9 });
    expect(await ask(box, 'adopt old', 'y\r', turn)).toMatch(/has moved since[\s\S]*exit 1\n$/);
    expect(box.run('old')).toMatchObject({ active: true, iteration: 9 });
    expect(box.raw('now')).toBeUndefined();
  });

  it.each(['adopt old --yes', 'adopt old --dry-run'])('%s asks nothing', async (words) => {
    expect(await ask(project(), words, '')).not.toContain('[y/N]');
  });
});

/** Every command that ends by itself, with how it is asked. */
const commands = [
  'status',
  'why',
  'why --last',
  'doctor',
  'adopt twin --into third --dry-run',
  'end twin --dry-run',
  'undo --dry-run',
  'history',
  'report',
  'install --dry-run --agent all',
  'uninstall --dry-run --agent all',
  'reconcile --dry-run --session-id s1',
  'completion bash',
  'store show',
  'graph',
  'paths',
];
/** Those that paint. */
const painting = ['status', 'doctor', 'history'];

/** A project in which something has happened, and something is wrong. */
async function lived(): Promise<{ box: Sandbox; env: Readonly<Record<string, string>> }> {
  const box = makeSandbox();
  box.declare({ liveRuns: 2 });
  box.putSessions('now', 'third');
  box.putRun('old', liveRun({ updated_at: '2026-01-02T03:04:05.000Z' }));
  const hook = (id: string) => runProgram(['hook'], { env: { RCS_SESSION_ID: id }, input: stopEvent(box.project) });
  await hook('now');
  fs.utimesSync(box.putRun('twin', liveRun({ updated_at: '2026-01-02T03:04:05.000Z' })), 1, 1);
  await hook('third');
  fs.utimesSync(box.putRun('broken', ''), 1, 1);
  fs.mkdirSync(join(box.project, 'home'));
  const env = { CLAUDE_PROJECT_DIR: box.project, RCS_SESSION_ID: 'now', HOME: join(box.project, 'home') };
  return { box, env };
}

/** What differs between two runs one after the other, left out. */
const steady = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/Made \S+ /g, '')
    .replaceAll(/\b\d+ (s|min)\b/g, 'age');

describe.runIf(needs('script'))('every command, in a pseudo-terminal and in a pipe', () => {
  it.each(commands)('%s says the same; colour on a terminal alone, none with NO_COLOR', async (words) => {
    const { box, env } = await lived();
    const before = box.snapshot();
    const piped = await runProgram(words.split(' '), { env });
    const said = steady(piped.stdout + piped.stderr);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    const seen = await runInTerminal(words, env);
    expect(steady(stripVTControlCharacters(seen))).toBe(said);
    expect(seen.includes('\u001b[')).toBe(painting.includes(words));
    if (seen.includes('\u001b[')) expect(steady(await runInTerminal(words, { ...env, NO_COLOR: '1' }))).toBe(said);
    expect(box.snapshot()).toEqual(before);
  });

  it('the list of them is whole: the others make a call, stay, or change the scratch folder alone', async () => {
    const { stdout } = await runProgram(['completion', 'bash', '--', '']);
    const all = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '');
    const tried = new Set(commands.map((words) => words.split(' ')[0] ?? ''));
    // `db` needs a database.
    const others = ['db', 'demo', 'help', 'hook', 'inspect', 'notify'];
    expect(all.filter((name) => !tried.has(name)).sort()).toEqual(others);
  });

  it.each(['status', 'history'])('%s: no line is wider than 80 columns, unless a path is in it', async (words) => {
    const { env } = await lived();
    const seen = stripVTControlCharacters(await runInTerminal(words, env)).split('\r\n');
    expect(seen.length).toBeGreaterThan(4);
    for (const line of seen.filter((one) => !one.includes('/'))) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('inspect prints an address, in black and white, and Ctrl-C ends it', async () => {
    const { box, env } = await lived();
    const seen = await answerInTerminal('inspect', { cwd: box.project, env, when: 'token=', answer: '\u0003' });
    expect(seen).toContain(`forge-resume inspect: in ${box.stateDir}\n`);
    expect(seen).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+\n/m);
    expect(seen).not.toContain('\u001b[');
  });
});
