import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlatRecord, RecordedState, RecordingHeader } from '../../src/inspect/recording/format.ts';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { firstLine, folderOf, openRecordings, scratchFolder } from '../support/inspect/inspector.ts';
import { pathText, textOf } from '../support/inspect/path-text.ts';
import { builtCli, runProgram, startProgram } from '../support/program.ts';
import { needs } from '../support/tools.ts';

/** A recording as another version makes it: a state more, and the machine went through it. */
async function otherText(): Promise<string> {
  const lines = (await pathText({ to: 'current_forge_present' })).trimEnd().split('\n');
  const [header, ...records] = lines.map((line) => JSON.parse(line)) as [RecordingHeader, ...FlatRecord[]];
  const extra: RecordedState = { name: 'rest', transitions: [{ event: 'xstate.after.pause.rest', target: 'done' }] };
  const changed = records.map((record): FlatRecord => {
    if (record.kind === 'chart') return { ...record, states: [...record.states, extra] };
    return record.kind === 'step' && record.to === 'done' ? { ...record, to: 'rest' } : record;
  });
  return textOf({ ...header, chart: 'f'.repeat(16), package: '9.0.0' }, changed);
}

const note = 'Recorded with another chart, which is shown';

describe.runIf(needs('chromium'))('a recording that was made with another chart', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const expectPicture = async (page: Page): Promise<void> => {
    await page.getByText(`${note}.`).waitFor();
    await page.locator('svg [data-state="rest"]').waitFor();
    expect(await page.locator('svg [data-state="rest"]').getAttribute('class')).toContain('active');
  };

  it('is laid out when it is served', async () => {
    const { page, troubles } = await openRecordings(browser, { other: await otherText() });
    await expectPicture(page);
    expect(troubles).toEqual([]);
  });

  it('is laid out when it is exported, as a page and as a picture', async () => {
    const folder = folderOf({ other: await otherText() });
    for (const ending of ['html', 'svg']) {
      const args = ['inspect', join(folder, 'other.jsonl'), '--export', join(folder, `run.${ending}`)];
      expect(await runProgram(args)).toMatchObject({ code: 0, stderr: '' });
    }
    const { page, troubles } = await openPage(browser);
    await page.goto(pathToFileURL(join(folder, 'run.html')).href);
    await expectPicture(page);
    expect(troubles).toEqual([]);
    expect(fs.readFileSync(join(folder, 'run.svg'), 'utf8')).toContain('>rest</text>');
  });

  it('is a list where elkjs is not installed', async () => {
    const folder = folderOf({ other: await otherText() });
    const home = scratchFolder();
    const away = join(home, 'dist', 'cli');
    fs.cpSync(builtCli, away, { recursive: true });
    fs.copyFileSync(join(builtCli, '../../package.json'), join(home, 'package.json'));
    const { page } = await openPage(browser);
    await page.goto(await firstLine(startProgram(['inspect', folder], { folder: away })));
    await page.getByText(`${note} as a list.`).waitFor();
    const state = page.locator('.states .state', { hasText: 'rest' }).last();
    expect(await state.getAttribute('class')).toContain('active');
    expect(await state.locator('.row').innerText()).toContain('after pause');
    expect(await page.getByRole('button', { name: 'Picture' }).isDisabled()).toBe(true);
  });

  it("that a look made holds no chart: today's is shown, and that is said", async () => {
    const lines = (await otherText()).split('\n');
    const { page } = await openRecordings(browser, {
      look: lines.filter((line) => !line.includes('"chart","n"')).join('\n'),
    });
    await page.getByText("Recorded with another chart; today's is shown.").waitFor();
  });
});
