import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { folderOf, scratchFolder } from '../support/inspect/inspector.ts';
import { pathText } from '../support/inspect/path-text.ts';
import { runProgram } from '../support/program.ts';
import { needs } from '../support/tools.ts';

const rolledBack = { to: 'failed', through: 'locked.rollback' };

/** Exports a run and gives the file's path. */
async function exported(name: string, text: string): Promise<string> {
  const file = join(scratchFolder(), name);
  const said = await runProgram(['inspect', join(folderOf({ one: text }), 'one.jsonl'), '--export', file]);
  expect(said).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  return file;
}

describe('one file to attach', () => {
  it('run.svg is a whole picture: the states of the run are marked, its transitions numbered', async () => {
    const file = await exported('run.svg', await pathText(rolledBack));
    const svg = fs.readFileSync(file, 'utf8');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<script|href=|url\((?!#)/);
    const { length } = svg.match(/class="badge"/g) ?? [];
    expect(length).toBeGreaterThan(8);
    expect(svg).toMatch(/<g class="now"><rect[^>]*\/>/);
  });

  it('is as private as the recording, also where a file that others may read is replaced', async () => {
    const file = join(scratchFolder(), 'run.svg');
    fs.writeFileSync(file, 'an earlier export, and longer than nothing', { mode: 0o644 });
    const from = join(folderOf({ one: await pathText(rolledBack) }), 'one.jsonl');
    expect(await runProgram(['inspect', from, '--export', file])).toMatchObject({ code: 0, stderr: '' });
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readFileSync(file, 'utf8')).toMatch(/^<svg /);
  });

  it.each([
    ['no recording', 'meow\n', /no recording/],
    ['another version', '{"kind":"header","format":"forge-session-resume-recording","version":9}\n', /version 9/],
  ])('%s is refused with a sentence', async (_what, text, sentence) => {
    const file = join(scratchFolder(), 'run.html');
    const said = await runProgram(['inspect', join(folderOf({ one: text }), 'one.jsonl'), '--export', file]);
    expect(said).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(fs.existsSync(file)).toBe(false);
  });

  it('what is no recording to read, or no name to write to, is refused with what to do', async () => {
    const folder = folderOf({ one: await pathText(rolledBack) });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    fs.symlinkSync('loop', join(folder, 'loop'));
    const said = async (from: string, to: string) => {
      const { code, stdout, stderr } = await runProgram(['inspect', join(folder, from), '--export', join(folder, to)]);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^forge-resume inspect: [^\n]*\n$/);
      return [code, stderr.slice('forge-resume inspect: '.length)];
    };
    expect(await said('', 'x.html')).toEqual([2, '--export takes one recording: name its file\n']);
    expect(await said('one.jsonl', 'x.pdf')).toEqual([
      2,
      expect.stringMatching(/ends in \.html or \.svg; it is .*x\.pdf$/m),
    ]);
    expect(await said('two.jsonl', 'x.html')).toEqual([
      1,
      expect.stringMatching(/two\.jsonl is not there; name a rec/),
    ]);
    expect(await said('pipe', 'x.html')).toEqual([1, expect.stringMatching(/pipe is no file$/m)]);
    expect(await said('loop', 'x.html')).toEqual([1, expect.stringMatching(/^ELOOP/)]);
    expect(await said('one.jsonl', 'nowhere/x.html')).toEqual([1, expect.stringMatching(/^ENOENT.*nowhere\/x\.html/)]);
    expect(fs.readdirSync(folder).sort()).toEqual(['loop', 'one.jsonl', 'pipe']);
  });
});

describe.runIf(needs('chromium'))('one file to attach, in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('run.html opens from file:// without errors, and asks for nothing', async () => {
    const file = await exported('run.html', await pathText(rolledBack));
    const { page, troubles, asked } = await openPage(browser);
    await page.goto(pathToFileURL(file).href);
    await page.locator('output.position').waitFor();
    await page.keyboard.press('Home');
    expect(await page.locator('output.position').innerText()).toMatch(/^1 \//);
    await page.getByText("today's machine decides the same").waitFor();
    expect(await page.getByText('Follow').count()).toBe(0);
    expect(asked).toEqual([pathToFileURL(file).href]);
    expect(troubles).toEqual([]);
  });

  it('run.svg is drawn', async () => {
    const file = await exported('run.svg', await pathText(rolledBack));
    const { page, troubles } = await openPage(browser);
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('text', { hasText: 'rollback' }).count()).toBeGreaterThan(0);
    expect(troubles).toEqual([]);
  });
});
