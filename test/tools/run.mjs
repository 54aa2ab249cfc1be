/**
 * What `npm run demo`, `npm test` and `npm pack` run: installs and builds where needed, so that all work on a fresh clone.
 *
 *   node test/tools/run.mjs build
 *   node test/tools/run.mjs demo
 *   node test/tools/run.mjs demo:hosts
 *   node test/tools/run.mjs test [arguments of vitest]
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './installed.mjs';
import { runNode, runVitest } from './run-vitest.mjs';
import { closingLines } from './summary.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [command, ...rest] = process.argv.slice(2);

const prepare = () => {
  install(root);
  if (runNode([join(root, 'test/tools/build.mjs')], { cwd: root }) !== 0) throw new Error('the build failed');
};

// What comes before every command is all of it.
const build = () => 0;

const demo = () => runNode([join(root, 'dist/cli/forge-resume.cjs'), 'demo', ...rest], { cwd: root });

const demoHosts = () => runNode([join(root, 'test/tools/demo-hosts.mjs'), ...rest], { cwd: root });

const test = () => {
  const { status, summary } = runVitest(root, ['--reporter=default', ...rest]);
  console.log(closingLines(summary).join('\n'));
  return status;
};

try {
  const run = { build, demo, 'demo:hosts': demoHosts, test }[command];
  if (run === undefined)
    throw new Error(`usage: node test/tools/run.mjs ${'build | demo | demo:hosts | test [arguments of vitest]'}`);
  prepare();
  process.exitCode = run();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
