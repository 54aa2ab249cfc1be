/**
 * `npm run screenshots`: records a transfer, a rollback and a recovery as they happen, and takes pictures of them in the
 * inspector for the README. Needs Chromium, and what `npm run build` builds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { digestFile, shownDigest } from './shown-digest.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const library = join(root, 'dist', 'lib', 'index.js');
const program = join(root, 'dist', 'cli', 'forge-resume.cjs');
const target = join(root, 'src', 'inspect', 'screenshots');
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A call in a process of its own, which the hook between the two writes may end. */
const call = async (stateDir, { record, hook }) => {
  const source = `
    const { reconcileForgeSessionResume } = await import(${JSON.stringify(library)});
    await reconcileForgeSessionResume({
      stateDir: ${JSON.stringify(stateDir)}, payloadSessionId: 'conversation-7', env: { RCS_SESSION_ID: 'launch-2' },
      record: ${JSON.stringify(record)}, hooks: { ${hook === undefined ? '' : `afterTargetWrite: () => { ${hook} }`} },
    }).catch(() => undefined);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: 'inherit' });
  await once(child, 'close');
};

const project = (home, name) => {
  const stateDir = join(home, name, '.rcs', 'state');
  mkdirSync(join(stateDir, 'sessions', 'launch-1'), { recursive: true });
  mkdirSync(join(stateDir, 'sessions', 'launch-2'));
  const run = {
    active: true,
    current_phase: 'executing',
    iteration: 3,
    max_iterations: 10,
    started_at: '2026-11-26T09:00:00.000Z',
    owner_rcs_session_id: 'launch-1',
    owner_codex_session_id: 'conversation-7',
  };
  writeFileSync(join(stateDir, 'sessions', 'launch-1', 'forge-state.json'), JSON.stringify(run, null, 2));
  return stateDir;
};

/** What is recorded, and the state in which the picture is taken. */
const pictures = {
  transfer: { run: (stateDir, record) => call(stateDir, { record }), at: 'writeSource: written' },
  rollback: {
    run: (stateDir, record) => call(stateDir, { record, hook: "throw new Error('the user said stop')" }),
    at: 'afterTargetWrite fails',
  },
  recovery: {
    run: async (stateDir, record) => {
      await call(stateDir, {
        record: join(stateDir, '..', 'killed.jsonl'),
        hook: "process.kill(process.pid, 'SIGKILL')",
      });
      await call(stateDir, { record });
    },
    at: 'recover: recovered',
  },
};

const home = mkdtempSync(join(tmpdir(), 'forge-screenshots-'));
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
try {
  mkdirSync(target, { recursive: true });
  for (const [name, { run, at }] of Object.entries(pictures)) {
    const calls = join(home, `${name}-calls`);
    mkdirSync(calls);
    await run(project(home, name), join(calls, `${name}.jsonl`));
    if (readdirSync(calls).length !== 1) throw new Error(`${name} left no recording`);
    const inspector = spawn(process.execPath, [program, 'inspect', calls], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [address] = await once(createInterface(inspector.stdout), 'line');
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await page.goto(address);
    await page.getByText("today's machine decides the same").waitFor();
    await page.getByRole('option', { name: at }).first().click();
    await page.mouse.move(0, 0);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
    writeFileSync(join(target, `${name}.webp`), Buffer.from(data, 'base64'));
    await page.close();
    inspector.kill('SIGINT');
    await once(inspector, 'close');
  }
  writeFileSync(digestFile, `${shownDigest()}\n`);
} finally {
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}
