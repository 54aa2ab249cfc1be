import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FlatRecord, RecordingHeader } from '../../src/inspect/recording/format.ts';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { folderOf, openRecordings, serveFolder } from '../support/inspect/inspector.ts';
import { pathText, textOf } from '../support/inspect/path-text.ts';
import { needs } from '../support/tools.ts';

const resumed = { to: 'resumed_same_codex_session', through: 'writeSource: changed' };
/** What must stay text wherever it stands. */
const hostile = `</script><script>globalThis.pwned=1</script><img src=x onerror="globalThis.pwned=1">'"\`{{1}}<!--\u2028`;

/** Names by which the page finds its way; in their place a hostile text would say nothing about what is shown. */
const keys = new Set(['kind', 'format', 'version', 'phase', 'n', 't', 'duration', 'chart']);

/** A value with the hostile text in every string and every key that is free. */
function poison(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return keys.has(key) ? value : `${value}${hostile}`;
  if (Array.isArray(value)) return value.map((item) => poison(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, poison(item, name)] as const);
  const isOpen = key === 'changes' || key === 'output' || key === 'input' || key === 'state';
  return Object.fromEntries(isOpen ? [...entries, [hostile, hostile]] : entries);
}

describe.runIf(needs('chromium'))('the page of the inspector, and those who mean it ill', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
  });
  afterAll(() => browser?.close());

  it.each(['served', 'exported'])('a script in every string of a recording stays text, %s', async (way) => {
    const lines = (await pathText(resumed))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FlatRecord);
    const [header, ...records] = lines as unknown as [RecordingHeader, ...FlatRecord[]];
    const text = textOf(
      poison(header) as RecordingHeader,
      records.map((one) => poison(one) as FlatRecord),
    );
    // A change must be an object to be read.
    const sound = text.replaceAll(
      `"${JSON.stringify(hostile).slice(1, -1)}":"${JSON.stringify(hostile).slice(1, -1)}"`,
      '"odd":{"before":1,"after":2}',
    );
    const { page, troubles, asked } =
      way === 'served'
        ? await openRecordings(browser, { one: sound, [`two ${hostile.replaceAll('/', '')}`]: sound })
        : await openExported(sound);
    await page.getByText('</script><script>').first().waitFor();
    const count = Number(await page.getByRole('slider', { name: 'Step' }).getAttribute('max'));
    for (let step = 0; step < count; step += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('v');
    for (const closed of await page.locator('.details details:not([open]) > summary').all()) await closed.click();
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(troubles).toEqual([]);
    expect(asked.filter((address) => !/^(http:\/\/127\.0\.0\.1|file:|data:)/.test(address))).toEqual([]);
  });

  const openExported = async (text: string) => {
    const { fillPage } = await import('../../src/inspect/page-file.ts');
    const { builtPage } = await import('../support/inspect/inspector.ts');
    const opened = await openPage(browser);
    const html = fillPage(builtPage(), { mode: 'file', runs: [{ name: hostile, text }] });
    await opened.page.route('http://127.0.0.1/page', (route) =>
      route.fulfill({ body: html, contentType: 'text/html' }),
    );
    await opened.page.goto('http://127.0.0.1/page');
    await opened.page.locator('output.position').waitFor();
    return opened;
  };

  it('without the token, or with a wrong one, there is no page', async () => {
    const { url } = await serveFolder(folderOf({}));
    const { page } = await openPage(browser);
    for (const search of ['', '?token=AAAA']) {
      const response = await page.goto(new URL(`/${search}`, url).href);
      expect(response?.status()).toBe(403);
      expect(await page.innerText('body')).toContain('Not allowed');
    }
  });

  it('after the first visit the token is not in the address any more, and the page can be loaded again', async () => {
    const { url } = await serveFolder(folderOf({ one: await pathText(resumed) }));
    const { page } = await openPage(browser);
    await page.goto(url);
    await page.locator('output.position').waitFor();
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.locator('output.position').waitFor();
  });

  it('a page of another origin reads nothing, though the browser has the cookie', async () => {
    const { url } = await serveFolder(folderOf({ one: await pathText(resumed) }));
    const foreign = createServer((_request, response) => response.end('<!doctype html>')).listen(0, '127.0.0.1');
    onTestFinished(() => void foreign.close());
    await new Promise((resolve) => foreign.once('listening', resolve));
    const { page } = await openPage(browser);
    await page.goto(url);
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
    const attempt = (mode: string) =>
      page.evaluate(
        `fetch(${JSON.stringify(new URL('/events', url).href)}, { mode: '${mode}', credentials: 'include' })
          .then(async (answer) => answer.type + (await answer.text()), (error) => error.name)`,
      );
    expect(await attempt('cors')).toBe('TypeError');
    expect(await attempt('no-cors')).not.toContain('recording');
    await page.setContent(`<iframe src="${url}"></iframe>`);
    await expect.poll(() => page.frames().length).toBe(2);
    expect(await page.frames()[1]?.locator('#page').count()).toBe(0);
  });

  it('a name of somebody else that leads to the server is refused', async () => {
    const { url } = await serveFolder(folderOf({}));
    const { page } = await openPage(browser);
    const response = await page.goto(url.replace('127.0.0.1', 'evil.example'));
    expect(response?.status()).toBe(403);
  });
});
