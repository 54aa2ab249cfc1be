/**
 * `node test/bench/start.mjs <tool> [options]`: builds the package as it ships, the baseline and the tool into
 * node_modules/.cache/bench, and runs the tool there. The bench itself is told which other Nodes have been fetched.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchedNodes } from '../tools/nodes.mjs';
import { buildBench } from './build.mjs';

const [tool = 'run', ...options] = process.argv.slice(2);
const folder = await buildBench([tool], 'bench');
const script = join(folder, `${tool}.cjs`);
const cwd = fileURLToPath(new URL('../..', import.meta.url));
const nodes = fetchedNodes().map(({ major, program = '' }) => `--node=${major}:${program}`);
// The pane look-up is no part of what is measured: tmux would be asked by both.
const { TMUX_PANE: _pane, ...env } = process.env;
const args = [script, ...options, ...(tool === 'run' ? nodes : [])];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', env, cwd }).status ?? 1;
