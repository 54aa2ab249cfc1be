import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { notification } from '../support/payloads.ts';
import { runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

/** Which modules of Node a program has loaded by the time it ends. */
async function modulesLoaded(
  folder: string,
  run: (env: Record<string, string>) => Promise<unknown>,
): Promise<string[]> {
  const list = join(folder, 'modules.json');
  const hook = join(folder, 'list-modules.cjs');
  const write = `require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList))`;
  writeFileSync(hook, `process.on('exit', () => ${write})`);
  await run({ NODE_OPTIONS: `--require ${hook}` });
  return JSON.parse(readFileSync(list, 'utf8'));
}

it('notify loads no module of Node that an empty program does not load, but vm', async () => {
  const sandbox = makeSandbox();
  const { project } = sandbox;
  sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
  writeFileSync(join(project, 'forge-resume.cjs'), '');
  const empty = await modulesLoaded(project, (env) => runProgram([], { env, folder: project }));
  const payload = notification(project, { session_id: 's1' });
  const full = await modulesLoaded(project, async (env) => {
    expect(await runProgram(['notify', payload], { env: { ...env, RCS_SESSION_ID: 'now' } })).toEqual(silent);
  });
  expect(empty.length).toBeGreaterThan(50);
  expect(full.filter((name) => !empty.includes(name))).toEqual(['NativeModule vm']);
});
