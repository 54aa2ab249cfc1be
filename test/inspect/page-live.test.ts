import fs from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { scratchFolder, serveFolder } from '../support/inspect/inspector.ts';
import { pathText } from '../support/inspect/path-text.ts';
import { needs } from '../support/tools.ts';

const at = (hour: number) => ({ at: `2026-11-26T${hour}:00:00.000Z` });

describe.runIf(needs('chromium'))('the page of the inspector, while recordings change', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('a file that keeps the last call shows that one, not a mixture of two', async () => {
    const [long, short, other] = await Promise.all([
      pathText({ to: 'resumed_same_codex_session', through: 'locked.transfer.companions' }, at(10)),
      pathText({ to: 'current_forge_present' }, at(11)),
      pathText({ to: 'multiple_matching_prior_forges' }, at(12)),
    ]);
    const folder = scratchFolder();
    const [file, fresh] = ['call.jsonl', 'fresh'].map((name) => join(folder, name)) as [string, string];
    const replaceBy = (text: string): void => {
      fs.writeFileSync(fresh, text);
      fs.renameSync(fresh, file);
    };
    fs.writeFileSync(file, long);
    const { page, troubles } = await openPage(browser);
    await page.goto((await serveFolder(folder)).url);
    await page.locator('.summary', { hasText: 'resumed same codex session' }).waitFor();
    for (const [text, words] of [
      [short, 'current forge present'],
      [other, 'multiple matching prior forges'],
      [long, 'resumed same codex session'],
    ] as const) {
      replaceBy(text);
      await page.locator('.summary', { hasText: words }).waitFor();
      await page.getByText("today's machine decides the same").waitFor();
      const steps = text.split('\n').filter((line) => line.startsWith('{"kind":"step"')).length;
      await expect.poll(() => page.locator('output.position').innerText()).toBe(`${steps} / ${steps}`);
    }
    expect(await page.locator('.run').count()).toBe(1);
    expect(troubles).toEqual([]);
  });

  it('a recording that is removed leaves the list, unless it was opened', async () => {
    const folder = scratchFolder();
    for (const hour of [10, 11, 12]) {
      fs.writeFileSync(join(folder, `${hour}.jsonl`), await pathText({ to: 'current_forge_present' }, at(hour)));
    }
    const { page } = await openPage(browser);
    await page.goto((await serveFolder(folder)).url);
    await page.locator('.summary').waitFor();
    expect(await page.locator('.run').count()).toBe(3);
    for (const hour of [10, 12]) fs.rmSync(join(folder, `${hour}.jsonl`));
    await expect.poll(() => page.locator('.run').count()).toBe(2);
    await page.keyboard.press('p');
    await page.keyboard.press('n');
    await page.locator('.summary', { hasText: 'current forge present' }).waitFor();
  });
});
