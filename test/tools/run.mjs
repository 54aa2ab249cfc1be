/**
 * What `npm run demo`, `npm test` and `npm pack` run: installs and builds where needed, so that all work on a fresh clone.
 *
 *   node test/tools/run.mjs build
 *   node test/tools/run.mjs demo
 *   node test/tools/run.mjs test [arguments of vitest]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './installed.mjs';
import { closingLines, readSummary } from './summary.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [command, ...rest] = process.argv.slice(2);

const node = (args, options = {}) => {
  // Ctrl-C reaches the child as well, which cleans up; leaving first would not let us wait for it.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', ...options });
  process.off('SIGINT', ignore);
  return status ?? 1;
};

const prepare = () => {
  install(root);
  if (node([join(root, 'test/tools/build.mjs')]) !== 0) throw new Error('the build failed');
};

// What comes before every command is all of it.
const build = () => 0;

const demo = () => node([join(root, 'dist/cli/forge-resume.cjs'), 'demo', ...rest]);

const test = () => {
  const folder = mkdtempSync(join(tmpdir(), 'forge-summary-'));
  const summaryFile = join(folder, 'summary.json');
  try {
    const reporter = join(root, 'test/tools/summary-reporter.mjs');
    const args = ['run', '--config', 'test/vitest.config.ts', '--reporter=default', `--reporter=${reporter}`, ...rest];
    const env = { ...process.env, FORGE_RESUME_TEST_SUMMARY: summaryFile };
    const status = node([join(root, 'node_modules/vitest/vitest.mjs'), ...args], { env });
    console.log(closingLines(readSummary(summaryFile)).join('\n'));
    return status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

try {
  const run = { build, demo, test }[command];
  if (run === undefined)
    throw new Error(`usage: node test/tools/run.mjs ${'build | demo | test [arguments of vitest]'}`);
  prepare();
  process.exitCode = run();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
