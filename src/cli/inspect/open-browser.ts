import { spawn } from 'node:child_process';

/** What opens an address, by platform. */
const openers: Readonly<Record<string, string>> = { darwin: 'open', linux: 'xdg-open' };

/**
 * Opens an address in the user's browser, by argument vector; whether that works is not waited for.
 *
 * @param url - the address; every user of the host can read it
 * @param onFailure - is called where nothing can open it
 */
export function openBrowser(url: string, onFailure: () => void): void {
  const child = spawn(openers[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true });
  child.once('error', onFailure);
  child.unref();
}
