import fs from 'node:fs';
import os, { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../src/cli/report/redactor.ts';
import { reportOf } from '../../src/cli/report/report-facts.ts';
import { reportText } from '../../src/cli/report/report-text.ts';
import { answerInTerminal } from '../support/in-terminal.ts';
import { secret, stopEvent } from '../support/payloads.ts';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const now = Date.parse('2026-03-04T12:00:00.000Z');

/** A project with a hand-over, a refusal and an illness. */
async function lived(): Promise<Sandbox> {
  const box = makeSandbox();
  box.declare({ liveRuns: 2 });
  box.putSessions('launch-2', 'launch-3');
  box.putRun('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
  for (const id of ['launch-2', 'launch-3']) {
    await runProgram(['hook'], { env: { RCS_SESSION_ID: id }, input: stopEvent(box.project) });
    if (id === 'launch-2') box.putRun('twin', liveRun({ prompt: secret }));
  }
  fs.utimesSync(box.putRun('broken', ''), 1, 1);
  return box;
}

const report = (box: Sandbox, ...args: readonly string[]) =>
  runProgram(['report', ...args], { cwd: box.project, env: { RCS_SESSION_ID: 'launch-3' } });

describe('report: what is in it', () => {
  it('versions, doctor, why and history, in other names', async () => {
    const box = await lived();
    const before = box.snapshot();
    const { code, stdout } = await report(box, '--json');
    expect(code).toBe(0);
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ schema: 1, why: { reason: 'multiple_matching_prior_forges', couldResume: true } });
    expect(made.versions).toMatchObject({ node: process.version, lock: expect.stringMatching(/^(kernel|folder)$/) });
    const found = made.doctor.findings.map(({ id }: { id: string }) => id);
    expect(found).toEqual(expect.arrayContaining(['FR001', 'FR003']));
    const [refusal, move] = made.history.events;
    expect(refusal).toMatchObject({ what: 'refused', reason: 'multiple_matching_prior_forges', to: made.why.session });
    expect(move).toMatchObject({ what: 'resumed', transferId: expect.stringMatching(/^[a-z0-9]+-[a-z0-9]{8}$/) });
    const page = await report(box);
    for (const part of [
      '# forge-resume report',
      '## Versions',
      '## Doctor',
      '## Why',
      '## History',
      '`<state>/sessions/',
    ]) {
      expect(page.stdout).toContain(part);
    }
    for (const hidden of [box.project, 'launch-', 'twin', 's1', secret]) {
      expect(stdout + page.stdout).not.toContain(hidden);
    }
    expect(box.snapshot()).toEqual(before);
  });

  it('user, host and home are left out', () => {
    const { text } = makeRedactor({
      root: { stateDir: '/home/me/work/p/.rcs/state', isFound: true, others: ['/home/me/.rcs/state'] },
      env: { HOME: '/home/me', PATH: '/usr/bin:/home/me/tools', CODEX_HOME: '/elsewhere/codex' },
      program: '/opt/made/forge-resume.cjs',
      sessions: ['a', 'launch-1'],
      ids: ['c'],
    });
    const user = userInfo().username;
    expect(text(`${user}@${hostname()}`)).toBe('<user>@<host>');
    expect(
      text('/home/me/.codex/x, /home/me/work/p/b, /home/me/work, /elsewhere/codex/hooks.json, /secret/place/x'),
    ).toBe('~/.codex/x, <project>/b, <above>, <CODEX_HOME>/hooks.json, <path>');
    expect(text('a is a copy of launch-1, not launch-11; c')).toBe(
      'session-1 is session-1 copy of session-2, not launch-11; conversation-1',
    );
    expect(text('/home/me/work/p/.rcs/state/sessions/a/forge-state.json')).toBe(
      '<state>/sessions/session-1/forge-state.json',
    );
  });

  it('a part that cannot be made says why, and the others are there', async () => {
    const box = makeSandbox();
    fs.writeFileSync(box.path('sessions'), '');
    const { code, stdout } = await report(box, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { versions: {}, history: { events: [] } }]);
  });

  it('property: no secret in any string of runs, records, logs, history, paths and environment is in it', async () => {
    const tail = fc.string({ maxLength: 12, unit: fc.constantFrom(...'abcXYZ019 _-./\\`|\n\u001b\u202e"\'$é') });
    const value = tail.map((text) => `SECRET${text}`);
    const name = fc.stringMatching(/^SECRET[A-Za-z0-9_-]{0,20}$/);
    const folder = fc.stringMatching(/^(Dropbox )?SECRET[A-Za-z0-9_. -]{0,12}[a-z]$/);
    const run = fc.record(
      {
        active: fc.constantFrom(true, true, false),
        current_phase: fc.oneof(value, fc.constantFrom('failed', 'building')),
        iteration: fc.oneof(value, fc.nat(9)),
        started_at: value,
        stop_reason: value,
        owner_rcs_session_id: fc.oneof(value, name),
        // Two with one owner are a finding that names it.
        owner_codex_session_id: fc.oneof(value, fc.constant('SECRET `same|')),
        owner_codex_thread_id: value,
        tmux_pane_id: fc.oneof(value, fc.constant('%99')),
        pid: value,
        prompt: value,
      },
      { requiredKeys: ['active'] },
    );
    const world = fc.record({
      runs: fc.array(fc.tuple(name, fc.oneof(run, value)), { maxLength: 4 }),
      folders: fc.array(folder, { minLength: 1, maxLength: 3 }),
      record: fc.record({
        session_id: fc.oneof(value, name),
        cwd: value,
        pid: fc.constantFrom(999_999_999, 1),
        pid_cmdline: value,
      }),
      lines: fc.array(fc.tuple(value, value, name, value), { maxLength: 3 }),
      current: name,
      variables: fc.tuple(folder, folder, folder),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ runs, folders, record, lines, current, variables }) => {
        const base = fs.mkdtempSync(join(os.tmpdir(), 'forge-report-'));
        try {
          const project = join(base, ...folders);
          const stateDir = join(project, '.rcs/state');
          const own = join(stateDir, '.forge-resume');
          const logs = join(project, '.rcs/logs');
          for (const path of [own, logs, join(stateDir, 'sessions', current)]) fs.mkdirSync(path, { recursive: true });
          for (const [id, content] of runs) {
            const file = join(stateDir, 'sessions', id, 'forge-state.json');
            fs.mkdirSync(dirname(file), { recursive: true });
            fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
            fs.utimesSync(file, 1, 1);
          }
          fs.writeFileSync(join(stateDir, 'session.json'), JSON.stringify(record));
          const at = '2026-03-04T10:00:00.000Z';
          const text = (all: readonly object[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('');
          fs.writeFileSync(
            join(own, 'history.jsonl'),
            text(lines.map(([a, b, c, d]) => ({ at, outcome: a, source: b, target: c, transferId: d, stopReason: a }))),
          );
          fs.writeFileSync(
            join(logs, 'forge-resume-2026-03-04.jsonl'),
            text(
              lines.flatMap(([a, b, c, d]) => [
                { time: at, sessionId: a, threadId: b, event: d, currentRcsSessionId: c, reason: a },
                { time: at, sessionId: a, threadId: b, error: { code: d, message: `${b} in ${stateDir}` } },
              ]),
            ),
          );
          const [home, codex, path] = variables.map((part) => join(base, part));
          const env = { HOME: home, CODEX_HOME: codex, PATH: path, RCS_SESSION_ID: current };
          if (path !== undefined) {
            fs.mkdirSync(path, { recursive: true });
            fs.writeFileSync(join(path, 'forge-resume'), '', { mode: 0o755 });
          }
          const root = { stateDir, isFound: true, others: [join(base, 'SECRET-other/.rcs/state')] };
          const made = await reportOf({ root, env, program: join(base, 'SECRET/x.cjs'), version: '1', now });
          expect(reportText(made)).not.toContain('SECRET');
          expect(JSON.stringify(made)).not.toContain('SECRET');
        } finally {
          fs.rmSync(base, { recursive: true, force: true });
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

describe('report FILE: shown before it is written', () => {
  it('where nobody can be asked it needs --yes, and is shown all the same', async () => {
    const box = await lived();
    const file = join(box.project, 'bug.md');
    const unasked = await report(box, 'bug.md');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(unasked.stdout).toContain('## History');
    expect(fs.existsSync(file)).toBe(false);
    const { code, stdout } = await report(box, 'bug.md', '--yes');
    expect([code, fs.readFileSync(file, 'utf8')]).toEqual([0, stdout]);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('--yes replaces nothing, whatever stands there', async () => {
    const box = makeSandbox();
    const [file, link, gone] = ['bug.md', 'link.md', 'gone.md'].map((name) => join(box.project, name));
    fs.writeFileSync(String(file), 'mine');
    fs.symlinkSync(String(gone), String(link));
    for (const name of ['bug.md', 'link.md']) {
      expect(await report(box, name, '--yes')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`${name} is there already; name another file`),
      });
    }
    expect(fs.readFileSync(String(file), 'utf8')).toBe('mine');
    expect(fs.existsSync(String(gone))).toBe(false);
  });

  it('a folder that is not there: says so, exit 1', async () => {
    expect(await report(makeSandbox(), 'no/bug.md', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
  });
});

describe.runIf(needs('script'))('report FILE at a terminal', () => {
  const ask = (box: Sandbox, answer: string) => answerInTerminal('report bug.md', { cwd: box.project, answer });

  it('shows it, asks, and y writes what was shown', async () => {
    const box = await lived();
    const seen = await ask(box, 'y\r');
    expect(seen).toMatch(/^# forge-resume report\n[\s\S]*Write this to bug\.md\? \[y\/N\][\s\S]*exit 0\n$/);
    const text = fs.readFileSync(join(box.project, 'bug.md'), 'utf8');
    expect(seen.startsWith(text)).toBe(true);
  });

  it('n writes nothing, exit 1', async () => {
    const box = makeSandbox();
    expect(await ask(box, 'n\r')).toMatch(/nothing was written\nexit 1\n$/);
    expect(fs.existsSync(join(box.project, 'bug.md'))).toBe(false);
  });

  it('asks before it replaces a file', async () => {
    const box = makeSandbox();
    const file = join(box.project, 'bug.md');
    fs.writeFileSync(file, 'mine');
    expect(await ask(box, '\r')).toMatch(/bug\.md is there already\. Replace it by this\? \[y\/N\][\s\S]*exit 1\n$/);
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect(await ask(box, 'y\r')).toMatch(/exit 0\n$/);
    expect(fs.readFileSync(file, 'utf8')).toMatch(/^# forge-resume report/);
  });
});
