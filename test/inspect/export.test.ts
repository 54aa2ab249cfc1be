import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { folderOf, scratchFolder } from '../support/inspect/inspector.ts';
import { pathText } from '../support/inspect/path-text.ts';
import { oneLine, runProgram } from '../support/program.ts';
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

  it('a folder, or another kind of file, is refused', async () => {
    const folder = folderOf({ one: await pathText(rolledBack) });
    expect(await runProgram(['inspect', folder, '--export', join(folder, 'x.html')])).toMatchObject({ code: 2 });
    const one = join(folder, 'one.jsonl');
    expect(await runProgram(['inspect', one, '--export', join(folder, 'x.pdf')])).toMatchObject({
      ...oneLine(/^forge-resume inspect: .*x\.pdf ends neither in \.html nor in \.svg/),
      code: 2,
    });
    const nowhere = await runProgram(['inspect', one, '--export', join(folder, 'no', 'x.svg')]);
    expect(nowhere).toMatchObject({ ...oneLine(/^forge-resume inspect: ENOENT/), code: 1 });
    expect(fs.readdirSync(folder)).toEqual(['one.jsonl']);
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
