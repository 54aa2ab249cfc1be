import fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWebSocketInspector } from '@statelyai/inspect';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { openRun } from '../../src/inspect/model/open-run.ts';
import { definitionText, type StatelyEvent, statelyEvents } from '../../src/inspect/model/stately-events.ts';
import type { RecordingRecord } from '../../src/inspect/recording/format.ts';
import { replay } from '../../src/inspect/recording/replay.ts';
import { launch, openPage } from '../support/inspect/chromium.ts';
import { openRecordings, scratchFolder } from '../support/inspect/inspector.ts';
import { textOf } from '../support/inspect/path-text.ts';
import { ended, runProgram, startProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';
import { readAll } from './recording/folder.ts';
import { asRecording } from './recording/record-path.ts';

/** Messages of its protocol, as far as these tests look into them. */
type Told = Record<string, unknown> & { readonly type: string; readonly sessionId: string };

/** What a receiver hears, by its web socket, of a call that hands a run over; and the same call recorded. */
async function told(): Promise<{ heard: readonly Told[]; records: readonly RecordingRecord[] }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const heard: Told[] = [];
  const isOver = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        heard.push(JSON.parse(String(data)));
        const last = heard.at(-1);
        // The first message of an actor holds its state as it was when the message was made, which may be later.
        const { status } = (last?.type === '@xstate.snapshot' ? last['snapshot'] : {}) as { status?: string };
        if (status === 'done' && last?.sessionId === heard[0]?.sessionId) resolve();
      });
    });
  });
  const inspector = createWebSocketInspector({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    // The chart is deeper than what is sent by default.
    serializationDepthLimit: 20,
  });
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  const records: RecordingRecord[] = [];
  const result = await sandbox.call({
    session: 's1',
    inspect: inspector.inspect,
    record: (one) => void records.push(one),
  });
  expect(result).toMatchObject({ resumed: true });
  await isOver;
  inspector.stop();
  return { heard, records };
}

const rootOf = (all: readonly Told[]): readonly Told[] =>
  all.filter(({ sessionId }) => sessionId === all[0]?.sessionId);
const valuesOf = (all: readonly Told[]): string[] =>
  rootOf(all)
    .filter(({ type }) => type === '@xstate.snapshot')
    .map(({ snapshot }) => JSON.stringify((snapshot as { value: unknown }).value));
const inWords = (all: readonly Told[]): unknown[] =>
  rootOf(all)
    .filter(({ type }) => type === '@xstate.event')
    .map(({ event }) => (event as { type: string }).type);

const ours = (records: readonly RecordingRecord[]): Told[] => {
  const { id: name, config } = forgeSessionResumeMachine;
  const run = openRun(asRecording(records));
  return JSON.parse(JSON.stringify(statelyEvents(run, { name, definition: definitionText(config) })));
};

describe('what the hosted inspector is told', () => {
  it('inspect: inspector.inspect tells it, by its own sender, of every state of a call', async () => {
    const { heard } = await told();
    const [first] = heard;
    expect(first).toMatchObject({ type: '@xstate.actor', name: 'forgeSessionResume' });
    expect(JSON.parse(String(first?.['definition']))).toMatchObject({ id: 'forgeSessionResume', initial: 'look' });
    const values = valuesOf(heard);
    expect(values[0]).toBe('"look"');
    expect(values).toContain('{"locked":{"transfer":"writeSource"}}');
    expect(values.at(-1)).toBe('"done"');
  });

  it('a run that the page hands over is told in the same words', async () => {
    const { heard, records } = await told();
    const mine = ours(records);
    expect(valuesOf(mine)).toEqual(valuesOf(heard));
    expect(inWords(mine)).toEqual(inWords(heard));
    const actors = (all: readonly Told[]) =>
      all
        .filter(({ type, sessionId }) => type === '@xstate.actor' && sessionId !== all[0]?.sessionId)
        .map(({ name }) => name);
    expect(actors(mine)).toEqual(actors(heard));
    for (const type of ['@xstate.actor', '@xstate.event', '@xstate.snapshot']) {
      const [theirs, own] = [rootOf(heard), rootOf(mine)].map((all) => all.filter((one) => one.type === type).at(-1));
      expect(Object.keys(own ?? {}).sort(), type).toEqual(Object.keys(theirs ?? {}).sort());
      expect(own?.['_version']).toBe(theirs?.['_version']);
    }
    const end = (all: readonly Told[]) => rootOf(all).findLast(({ type }) => type === '@xstate.snapshot')?.['snapshot'];
    const [{ context, status }, theirs] = [end(mine), end(heard)] as [Snapshot, Snapshot];
    expect(status).toBe(theirs.status);
    expect(context).toEqual(theirs.context);
    expect(JSON.parse(String(mine[0]?.['definition']))).toEqual(JSON.parse(String(heard[0]?.['definition'])));
  });
});

interface Snapshot {
  readonly status: string;
  readonly context: unknown;
}

describe.runIf(needs('chromium'))('the button of the page', () => {
  let browser: Browser;
  let receiver = '';
  beforeAll(async () => {
    browser = await launch();
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createBrowserReceiver } from '@statelyai/inspect';
          globalThis.received = [];
          createBrowserReceiver({ window }).subscribe((event) => received.push(event));`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      format: 'iife',
      platform: 'browser',
      write: false,
    });
    receiver = outputFiles[0]?.text ?? '';
  });
  afterAll(() => browser?.close());

  it('warns, and hands the run to the hosted inspector and to nobody else', async () => {
    const { records } = await told();
    const { header, records: rest } = asRecording(records);
    const { page, context, troubles, asked } = await openRecordings(browser, { one: textOf(header, rest) });
    const wanted: string[] = [];
    await context.route(/^https:/, (route) => {
      wanted.push(route.request().url());
      return route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><script>${receiver.replaceAll('</script', '<\\/script')}</script>`,
      });
    });
    await page.getByRole('button', { name: 'Stately…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open in Stately Inspector' });
    expect(await dialog.innerText()).toContain('State leaves this machine.');
    expect(wanted).toEqual([]);
    const opened = context.waitForEvent('page');
    await dialog.getByRole('button', { name: 'Hand this run over' }).click();
    const inspector = await opened;
    await dialog.getByText('The run was handed over.').waitFor();
    const received = await inspector.evaluate<StatelyEvent[]>('received');
    expect(received).toEqual(ours(records));
    expect(wanted.map((url) => url.replace(/\?.*/, ''))).toEqual(['https://stately.ai/inspect']);
    expect(asked.filter((url) => url.startsWith('https:'))).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('reconcile --inspect=stately offers nothing where no call was made', async () => {
    const folder = scratchFolder();
    const run = (...args: readonly string[]) =>
      runProgram(['reconcile', '--inspect=stately', ...args], { cwd: folder });
    expect(await run('--state-dir', folder, '--stale-after', 'soon')).toMatchObject({ code: 2, stdout: '' });
    expect(await run()).toMatchObject({ code: 1, stdout: '' });
  });

  it('reconcile --inspect=stately offers its call on a page, once its result is printed', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const args = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1', '--json', '--inspect=stately'];
    // Nothing is there that could open a browser.
    const folder = join(scratchFolder(), 'calls');
    const child = startProgram(args, { env: { RCS_SESSION_ID: 'now', PATH: '', FORGE_RESUME_RECORD: folder } });
    const end = ended(child);
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
    });
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(/state leaves this machine if .*: http:\S+/);
    const { page } = await openPage(browser);
    await page.goto(/http:\S+/.exec(said)?.[0] ?? '');
    await page.getByRole('dialog', { name: 'Open in Stately Inspector' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.summary', { hasText: 'resumed same codex session' }).waitFor();
    expect(page.url()).not.toContain('token');
    child.kill('SIGINT');
    const { code, stdout } = await end;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ resumed: true });
    // The folder that the environment names has it too.
    const [kept, ...others] = readAll(folder);
    expect(others).toEqual([]);
    expect(kept?.records.at(-1)).toMatchObject({ kind: 'end', reason: 'resumed_same_codex_session' });
    expect(kept && replay(kept).verdict).toBe('same');
  });

  it('reconcile --inspect=stately tells what could not go into the folder of recordings', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const file = join(scratchFolder(), 'file');
    fs.writeFileSync(file, '');
    const env = { RCS_SESSION_ID: 'now', PATH: '', FORGE_RESUME_RECORD: file };
    const args = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1', '--json', '--inspect=stately'];
    const child = startProgram(args, { env });
    const end = ended(child);
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect(JSON.parse((await end).stdout)).toMatchObject({
      warnings: [expect.stringMatching(/not recorded: ENOTDIR/)],
    });
  });

  it('a window that is no inspector is told nothing', async () => {
    const { records } = await told();
    const { header, records: rest } = asRecording(records);
    const { page, context } = await openRecordings(browser, { one: textOf(header, rest) });
    await context.route(/^https:/, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<script>received = []; onmessage = ({ data }) => received.push(data)</script>',
      }),
    );
    await page.getByRole('button', { name: 'Stately…' }).click();
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Hand this run over' }).click();
    const inspector = await opened;
    // What a page of another origin, or this page itself, says in its place does not count.
    await page.evaluate(`postMessage({ type: '@statelyai.connected' }, '*')`);
    await page.getByText('Waiting for the inspector').waitFor();
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 0))');
    expect(await inspector.evaluate('received')).toEqual([]);
  });
});
