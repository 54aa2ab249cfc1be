import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type Inspector, serve } from '../../../src/inspect/server/serve.ts';
import { builtCli, startProgram } from '../program.ts';
import { type Opened, openPage } from './chromium.ts';

/** A scratch folder, removed when the test is over. */
export function scratchFolder(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'forge-inspect-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The first line that a child prints. */
export function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('close', () => reject(new Error(`it ended and had printed: ${text}`)));
  });
}

/**
 * Starts the built `forge-resume inspect`.
 *
 * @param args - behind `inspect`
 * @returns its address; it is ended when the test is over
 */
export function startInspector(...args: readonly string[]): Promise<string> {
  return firstLine(startProgram(['inspect', ...args]));
}

/** A folder of recordings, by names without their ending. */
export function folderOf(recordings: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(recordings)) fs.writeFileSync(join(folder, `${name}.jsonl`), text);
  return folder;
}

/** The page as it was built. */
export const builtPage = (): string => fs.readFileSync(join(builtCli, 'inspect-page.html'), 'utf8');

/** Serves a folder from this process, with the page as it was built. */
export async function serveFolder(folder: string): Promise<Inspector> {
  const inspector = await serve({ shown: { kind: 'folder', path: folder }, template: builtPage() });
  onTestFinished(() => inspector.close());
  return inspector;
}

/**
 * Opens the page on some recordings, the newest of which is shown.
 *
 * @param browser - the browser
 * @param recordings - texts by names
 * @param options - of the browser
 */
export async function openRecordings(
  browser: Browser,
  recordings: Readonly<Record<string, string>>,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const { url } = await serveFolder(folderOf(recordings));
  const opened = await openPage(browser, options);
  await opened.page.goto(url);
  await opened.page.locator('output.position').waitFor();
  return opened;
}
