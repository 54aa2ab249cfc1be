/**
 * `npm run test:nodes [-- 22 24 ...]`: runs the built program's demo, and the tests that see the library and the
 * program from outside, on each Node that people use. `-- fetch` only fetches them.
 */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNodes } from './nodes.mjs';
import { runVitest } from './run-vitest.mjs';
import { closingLines } from './summary.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** End to end, from the outside; what is left out is about files of the build and pure rules, the same on each Node. */
const suites = [
  'test/reconcile',
  'test/call',
  'test/look/same-answer.test.ts',
  'test/cli',
  'test/pane',
  'test/package',
  'test/race/thread.test.ts',
];

const demoWorks = (program, env) => {
  const demo = [join(root, 'dist/cli/forge-resume.cjs'), 'demo'];
  const { status, stdout, stderr } = spawnSync(program, demo, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) console.error(`the demo ended with ${status}\n${stdout}${stderr}`);
  return status === 0;
};

const runOn = ({ version, program }) => {
  // Programs that start `node` get this one as well.
  const env = { ...process.env, PATH: [dirname(program), process.env.PATH].join(delimiter) };
  const { status, summary } = runVitest(root, ['--reporter=dot', ...suites], { program, env });
  const played = demoWorks(program, env);
  const counts = closingLines(summary).at(-1);
  return { isGood: status === 0 && played, line: `Node ${version}: ${counts}; the demo ${played ? 'plays' : 'fails'}` };
};

const [...wanted] = process.argv.slice(2);
try {
  const nodes = fetchNodes();
  if (!wanted.includes('fetch')) {
    const chosen = nodes.filter(({ major }) => wanted.length === 0 || wanted.includes(String(major)));
    const outcomes = chosen.map(runOn);
    console.log(outcomes.map(({ line }) => line).join('\n'));
    if (!outcomes.every(({ isGood }) => isGood)) process.exitCode = 1;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
