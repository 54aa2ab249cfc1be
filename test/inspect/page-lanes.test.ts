import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlatRecord, RecordingHeader } from '../../src/inspect/recording/format.ts';
import { launch } from '../support/inspect/chromium.ts';
import { openRecordings } from '../support/inspect/inspector.ts';
import { pathText, textOf } from '../support/inspect/path-text.ts';
import { needs } from '../support/tools.ts';

const resumed = { to: 'resumed_same_codex_session', through: 'locked.transfer.companions' };

const readText = (text: string): [RecordingHeader, ...FlatRecord[]] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line)) as [RecordingHeader, ...FlatRecord[]];

/** A recording whose records are others. */
const changed = (text: string, change: (record: FlatRecord) => FlatRecord): string => {
  const [header, ...records] = readText(text);
  return textOf(header, records.map(change));
};

describe.runIf(needs('chromium'))('the timeline and the verdicts of the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('each actor that ran has a lane with a bar for each time, in the order in which they first ran', async () => {
    const text = await pathText(resumed);
    const started = readText(text).flatMap((one) =>
      one.kind === 'actor' && one.phase === 'started' ? [one.actor] : [],
    );
    const { page } = await openRecordings(browser, { one: text });
    const actors = [...new Set(started)];
    expect(await page.locator('.lanes span').allInnerTexts()).toEqual(actors);
    expect(await page.locator('.timeline .bar').count()).toBe(started.length);
    const label = await page.getByRole('img', { name: /^Timeline of \d+ steps/ }).getAttribute('aria-label');
    expect(label).toContain(`a lane for each actor: ${actors.join(', ')}`);
  });

  it('idle time is folded and named, and a press on a mark goes to its step', async () => {
    const readCurrent = 'xstate.done.actor.readCurrent';
    let later = 0;
    const text = changed(await pathText(resumed), (record) => {
      if (record.kind === 'step' && record.event === readCurrent) later = 125_000;
      return { ...record, t: record.n + later } as FlatRecord;
    });
    const { page, troubles } = await openRecordings(browser, { one: text });
    expect(await page.locator('.fold text').allTextContents()).toEqual([expect.stringMatching(/^2 min 5 s$/)]);
    await page.locator('.timeline .dot').nth(2).click();
    await page.locator('output.position', { hasText: /^3 \// }).waitFor();
    expect(troubles).toEqual([]);
  });

  it("a step shows its actor's input and output, or the code of its error", async () => {
    const { page } = await openRecordings(browser, {
      one: await pathText({ to: 'failed', through: 'writeTarget fails: IO' }),
    });
    const actor = page
      .locator('section, div')
      .filter({ has: page.getByRole('heading', { name: /^Actor / }) })
      .last();
    const words = async (): Promise<string> => (await actor.innerText()).replaceAll(/\s+/g, ' ');
    await page.getByRole('option', { name: /writeTarget fails: IO/ }).click();
    await expect.poll(words, { timeout: 10_000 }).toMatch(/^Actor writeTarget.* Input .*Error "IO"$/);
    await page.getByRole('option', { name: /scanCandidates: / }).click();
    await expect
      .poll(words, { timeout: 10_000 })
      .toMatch(/^Actor scanCandidates.* Input .*payloadSessionId.* Output .*candidates/);
  });

  it("says which generated path a run walked, and where today's machine decides otherwise", async () => {
    const text = await pathText(resumed);
    const { page } = await openRecordings(browser, { one: text });
    expect(await page.locator('.verdict').first().innerText()).toMatch(/^path \d+ of \d{3,}$/);
    const other = changed(text, (record) =>
      record.kind === 'step' && record.event === 'xstate.done.actor.scanCandidates'
        ? { ...record, output: { kind: 'scanned', candidates: [], copies: [] } }
        : record,
    );
    const otherwise = await openRecordings(browser, { other });
    await otherwise.page
      .getByText("today's machine decides otherwise, from locked.transfer.prepare on: release")
      .waitFor();
  });
});
