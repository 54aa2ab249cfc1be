/** A real browser, headless: Debian's Chromium. */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { pathTo } from '../tools.ts';

/**
 * Starts a browser.
 *
 * @param args - switches of Chromium
 */
export function launch(args: readonly string[] = []): Promise<Browser> {
  // Its sandbox needs what a container seldom allows; it opens nothing but our own pages.
  return chromium.launch({ executablePath: pathTo('chromium'), args: ['--no-sandbox', ...args] });
}

/** A page, and what went wrong in it. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and messages of the console, as they came. */
  readonly troubles: string[];
  /** Addresses that were asked for. */
  readonly asked: string[];
}

/**
 * Opens an empty page that is closed when the test is over.
 *
 * @param browser - from {@link launch}
 * @param options - size, colour scheme and the like
 */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const troubles: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.stack ?? String(error)));
  page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
  page.on('request', (request) => asked.push(request.url()));
  return { page, context, troubles, asked };
}
