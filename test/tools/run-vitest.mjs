import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSummary } from './summary.mjs';

/**
 * Runs a Node to its end, its output on ours.
 *
 * @param args - script and arguments
 * @param options - of `spawnSync`; `program`: the Node, default the one that runs us
 * @returns its exit code, 1 where a signal ended it
 */
export function runNode(args, { program = process.execPath, ...options }) {
  // Ctrl-C reaches the child as well, which cleans up; leaving first would not let us wait for it.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const { status } = spawnSync(program, args, { stdio: 'inherit', ...options });
  process.off('SIGINT', ignore);
  return status ?? 1;
}

/**
 * Runs tests.
 *
 * @param root - the project's folder
 * @param args - arguments of `vitest run`
 * @param options - of {@link runNode}
 * @returns `status` of vitest and `summary` as `readSummary` gives it
 */
export function runVitest(root, args, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'forge-summary-'));
  const summaryFile = join(folder, 'summary.json');
  try {
    const reporter = `--reporter=${join(root, 'test/tools/summary-reporter.mjs')}`;
    const script = join(root, 'node_modules/vitest/vitest.mjs');
    const all = [script, 'run', '--config', 'test/vitest.config.ts', reporter, ...args];
    const env = { ...(options.env ?? process.env), FORGE_RESUME_TEST_SUMMARY: summaryFile };
    const status = runNode(all, { ...options, cwd: root, env });
    return { status, summary: readSummary(summaryFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
