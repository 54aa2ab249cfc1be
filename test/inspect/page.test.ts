import fs from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { folderOf, openRecordings, scratchFolder, serveFolder, startInspector } from '../support/inspect/inspector.ts';
import { pathText } from '../support/inspect/path-text.ts';
import { stopEvent } from '../support/payloads.ts';
import { runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const resumed = { to: 'resumed_same_codex_session', through: 'locked.transfer.companions' };

/** The number of the step that is shown, and of how many. */
const position = (page: Page): Promise<string> => page.locator('output.position').innerText();
const heading = (page: Page): Promise<string> => page.locator('.details h2').innerText();

describe.runIf(needs('chromium'))('the page of the inspector', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const openOn = (recordings: Readonly<Record<string, string>>, options: BrowserContextOptions = {}) =>
    openRecordings(browser, recordings, options);

  it('a hook that runs meanwhile appears by itself', async () => {
    const folder = join(scratchFolder(), 'calls');
    const { page, troubles } = await openPage(browser);
    await page.goto(await startInspector(folder));
    await page.getByText('No recordings yet').waitFor();
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const env = { RCS_SESSION_ID: 'now', FORGE_RESUME_RECORD: folder };
    expect(await runProgram(['hook'], { env, input: stopEvent(sandbox.project) })).toEqual(silent);
    await page.locator('.run', { hasText: 'resumed same codex session' }).waitFor();
    await page.locator('.summary', { hasText: 'Stop' }).waitFor();
    await page.getByText("today's machine decides the same").waitFor();
    expect(await page.locator('[data-state="done"]').getAttribute('class')).toContain('active');
    expect(troubles).toEqual([]);
  });

  it('keys walk through a run, and the slider scrubs', async () => {
    const { page, troubles } = await openOn({ one: await pathText(resumed) });
    const [, count = ''] = (await position(page)).split(' / ');
    expect(await position(page)).toBe(`${count} / ${count}`);
    await page.keyboard.press('Home');
    expect(await position(page)).toBe(`1 / ${count}`);
    for (const key of ['ArrowRight', 'j', 'k', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    expect(await position(page)).toBe(`2 / ${count}`);
    await page.keyboard.press('PageDown');
    expect(await position(page)).toBe(`12 / ${count}`);
    await page.getByRole('slider', { name: 'Step' }).fill('4');
    expect(await position(page)).toBe(`5 / ${count}`);
    // A slider has arrow keys of its own; one press is one step there, too.
    await page.keyboard.press('ArrowRight');
    expect(await position(page)).toBe(`6 / ${count}`);
    await page.getByRole('button', { name: 'Last step' }).click();
    expect(await position(page)).toBe(`${count} / ${count}`);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await position(page)).toBe(`${count} / ${count}`);
    expect(troubles).toEqual([]);
  });

  it('a run is played from where it stands to its end', async () => {
    const { page } = await openOn({ one: await pathText({ to: 'current_forge_present' }) });
    const last = await position(page);
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.locator('output.position', { hasText: last }).waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  it('a step shows guards with their answers, what changed, the actor and the rule', async () => {
    const { page } = await openOn({ one: await pathText(resumed) });
    const step = page.getByRole('option', { name: /scanCandidates: / });
    await step.click();
    expect(await heading(page)).toContain('scanCandidates: scanned');
    const guards = await page.locator('.guards li').allInnerTexts();
    expect(guards.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      'no copiesFound',
      'no staleFound',
      'no noResumableCandidate',
      'no severalResumableCandidates',
      'no candidateOwnerLive',
      'else none held',
    ]);
    await page.getByRole('heading', { name: /^Actor scanCandidates/ }).waitFor();
    expect(await page.locator('.changes dt').allInnerTexts()).toContain('source');
    await page.getByRole('button', { name: 'Rule 6: candidates' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rule 6: candidates' });
    expect(await dialog.innerText()).toContain('active');
  });

  it('the chart lights what is active and was taken last, marks what was visited, and leaves the rest pale', async () => {
    const { page } = await openOn({ one: await pathText(resumed) });
    await page.getByRole('option', { name: /recover: / }).click();
    const classOf = async (state: string): Promise<string> =>
      (await page.locator(`[data-state="${state}"]`).getAttribute('class')) ?? '';
    expect(await classOf('locked.readCurrent')).toContain('active');
    expect(await classOf('locked')).toContain('active');
    expect(await classOf('look')).toContain('visited');
    expect(await classOf('locked.rollback')).toContain('pale');
    expect(await page.locator('.row.last').textContent()).toContain('readCurrent');
    const failures = page.locator('.edge.failure');
    expect(await failures.count()).toBe(0);
    await page.keyboard.press('f');
    await expect.poll(() => failures.count()).toBeGreaterThan(20);
  });

  it('failures show themselves where they were taken', async () => {
    const { page } = await openOn({ one: await pathText({ to: 'failed', through: 'locked.rollback' }) });
    expect(await page.locator('.edge.failure').count()).toBe(1);
    expect(await page.locator('.edge.failure').getAttribute('class')).toContain('taken');
  });

  it('runs are searched, and two are compared with the first difference marked', async () => {
    const { page, troubles } = await openOn({
      one: await pathText(resumed, { at: '2026-11-26T10:00:00.000Z' }),
      two: await pathText({ to: 'current_forge_unreadable' }, { at: '2026-11-26T09:00:00.000Z' }),
      three: await pathText({ to: 'current_forge_present' }, { at: '2026-11-26T08:00:00.000Z' }),
    });
    await page.getByRole('searchbox').fill('nothing of that kind');
    await page.getByText('No run matches').waitFor();
    await page.getByRole('searchbox').fill('UNREADABLE library');
    expect(await page.locator('.run').allInnerTexts()).toEqual([expect.stringContaining('current forge unreadable')]);
    await page.getByRole('searchbox').fill('');
    expect(await page.locator('.run').count()).toBe(3);
    await page.getByRole('button', { name: /^Compare with current forge unreadable/ }).click();
    await page.getByText('They first differ at').waitFor();
    const differing = page.locator('.line.differs');
    await page.getByRole('button', { name: /^step \d+$/ }).click();
    await expect.poll(() => differing.count()).toBe(2);
    const [left, right] = await differing.allInnerTexts();
    expect(left).not.toBe(right);
    await page.getByRole('button', { name: 'End comparison' }).click();
    expect(await page.locator('.comparison').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('what of a file is no record, or that it was cut off, is said at its first step', async () => {
    const lines = (await pathText(resumed)).trimEnd().split('\n');
    const { page } = await openOn({ one: [...lines.slice(0, 4), 'rubbish', ...lines.slice(4, -1), ''].join('\n') });
    await page.keyboard.press('Home');
    await page.getByText('line 5 is no record; the recording was cut off: it has no end').waitFor();
  });

  it('of a recording over 64 MB the first 64 MB are shown, which is said at its first step', async () => {
    const lines = (await pathText(resumed)).trimEnd().split('\n');
    // What lies on both sides of the limit; the end is behind it.
    const filling = 'x'.repeat(64 * 1024 * 1024);
    const folder = folderOf({ one: [...lines.slice(0, -1), filling, ...lines.slice(-1), ''].join('\n') });
    const { url } = await serveFolder(folder);
    const { page, troubles } = await openPage(browser);
    await page.goto(url);
    await page.locator('output.position').waitFor();
    await page.keyboard.press('Home');
    const said = 'it is over 64 MB: what is behind its first 64 MB is not shown';
    const note = page.locator('dd', { hasText: said });
    await note.waitFor();
    // It has an end, and no line is wrong.
    expect(await note.innerText()).toBe(said);
    // What it grows by is not shown either, nor is it read.
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    fs.appendFileSync(join(folder, 'one.jsonl'), `${lines[1]}\n`);
    fs.writeFileSync(join(folder, 'two.jsonl'), await pathText({ to: 'current_forge_present' }));
    await expect.poll(() => page.locator('.run').count()).toBe(2);
    expect(asked.filter((address) => address.includes('from=') && !address.includes('from=0'))).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('a recording that comes to be over 64 MB while it is shown says so as well', async () => {
    const lines = (await pathText(resumed)).trimEnd().split('\n');
    const folder = folderOf({ one: `${lines.slice(0, -1).join('\n')}\n` });
    const { url } = await serveFolder(folder);
    const { page } = await openPage(browser);
    await page.goto(url);
    await page.locator('output.position').waitFor();
    await page.keyboard.press('Home');
    await page.locator('dd', { hasText: 'the recording was cut off: it has no end' }).waitFor();
    fs.appendFileSync(join(folder, 'one.jsonl'), `${'x'.repeat(64 * 1024 * 1024)}\n`);
    await page.locator('dd', { hasText: 'it is over 64 MB' }).waitFor();
  });

  it('a file that is chosen or dropped is opened', async () => {
    const { page, troubles } = await openPage(browser);
    await page.goto(await startInspector(join(scratchFolder(), 'nothing')));
    const text = await pathText({ to: 'multiple_matching_prior_forges' });
    const file = { name: 'mine.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(text) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.locator('.summary', { hasText: 'multiple matching prior forges' }).waitFor();
    const other = await pathText({ to: 'current_forge_present' });
    await page.evaluate(`{
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(other)}], 'other.jsonl'));
      document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    }`);
    await page.locator('.summary', { hasText: 'current forge present' }).waitFor();
    await page.locator('input[type=file]').setInputFiles({ ...file, name: 'cat.jsonl', buffer: Buffer.from('meow') });
    await page.getByText('cat.jsonl is no recording').waitFor();
    // A folder, of which the browser gives a file that cannot be read.
    await page.evaluate(`File.prototype.text = () => Promise.reject(new DOMException('', 'NotFoundError'))`);
    await page.locator('input[type=file]').setInputFiles({ ...file, name: 'calls' });
    await page.getByText('calls is no recording').waitFor();
    expect(troubles).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('goes by the %s scheme of the system, until somebody chooses', async (scheme) => {
    const { page } = await openOn({ one: await pathText(resumed) }, { colorScheme: scheme });
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const grounds = { light: 'rgb(246, 246, 244)', dark: 'rgb(19, 21, 24)' };
    expect(await ground()).toBe(grounds[scheme]);
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.click();
    await expect.poll(ground).toBe(grounds.light);
    await button.click();
    await expect.poll(ground).toBe(grounds.dark);
  });

  it.each([400, 640, 800, 1180, 1600])('nothing sticks out at %i pixels', async (width) => {
    const { page } = await openOn({ one: await pathText(resumed) }, { viewport: { width, height: 800 } });
    const sizes = await page.evaluate(`(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
      [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.documentElement)`);
    expect(sizes).toEqual([0, 0]);
    const outside = await page.evaluate(`[...document.querySelectorAll('button, h1, h2, input, output')]
      .filter((one) => one.checkVisibility() && !one.closest('.hidden, .runs, .steps, .states'))
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
      .map((one) => one.textContent)`);
    expect(outside).toEqual([]);
  });

  it('on a telephone the chart is a list of states with their transitions as rows', async () => {
    const { page } = await openOn({ one: await pathText(resumed) }, { viewport: { width: 400, height: 800 } });
    expect(await page.locator('.picture').count()).toBe(0);
    const states = page.getByRole('list', { name: 'States' });
    await page.getByRole('button', { name: 'First step' }).click();
    await page.getByRole('button', { name: 'Next step' }).click();
    const look = states.locator('> li').first();
    expect((await look.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^look visited nothingToWrite → done .* now/);
    await page.getByRole('button', { name: 'Steps', exact: true }).click();
    await page.getByRole('listbox', { name: 'Steps' }).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Runs', exact: true }).click();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Steps', exact: true }).click();
    await expect.poll(() => page.getByRole('option', { selected: true }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Runs', exact: true }).click();
    await page.getByRole('navigation', { name: 'Runs' }).waitFor();
  });

  it('a page that is left open outlives its server, and says so', async () => {
    const { page } = await openPage(browser);
    const inspector = await serveFolder(folderOf({ one: await pathText(resumed) }));
    await page.goto(inspector.url);
    await page.locator('output.position').waitFor();
    await inspector.close();
    await page.getByText('The inspector has ended').waitFor();
    await page.keyboard.press('Home');
    expect(await position(page)).toMatch(/^1 \//);
  });
});
