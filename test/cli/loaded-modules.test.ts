import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notification, stopEvent } from '../support/payloads.ts';
import { type RunOptions, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

interface Loaded {
  /** Node's own modules. */
  readonly node: readonly string[];
  /** Other files, by their names. */
  readonly files: readonly string[];
}

/** What a program has loaded by the time it ends. */
async function loadedBy(folder: string, run: (options: RunOptions) => Promise<unknown>): Promise<Loaded> {
  const list = join(folder, 'loaded.json');
  const hook = join(folder, 'list-loaded.cjs');
  const loaded = '{ node: process.moduleLoadList, files: Object.keys(require.cache) }';
  const write = `require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(${loaded}))`;
  writeFileSync(hook, `process.on('exit', () => ${write})`);
  await run({ env: { NODE_OPTIONS: `--require ${hook}`, RCS_SESSION_ID: 'now' } });
  const { node, files } = JSON.parse(readFileSync(list, 'utf8')) as Loaded;
  return { node, files: files.map((file) => basename(file)).filter((name) => name !== basename(hook)) };
}

const empty = async (): Promise<Loaded> => {
  const { project } = makeSandbox();
  writeFileSync(join(project, 'forge-resume.cjs'), '');
  return await loadedBy(project, (options) => runProgram([], { ...options, folder: project }));
};

const upToDate = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
  return sandbox;
};

const withoutMatch = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ owner_codex_session_id: 'other' }));
  return sandbox;
};

describe.each([
  ['the current run is up to date', upToDate],
  ['no run matches', withoutMatch],
])('rule 0: where %s', (_state, arrange) => {
  it.each([
    ['notify', [], ({ project }: Sandbox) => ({ args: ['notify', notification(project, { session_id: 's1' })] })],
    [
      'hook',
      // What lets a read from a pipe return where there is nothing.
      ['Internal Binding pipe_wrap'],
      ({ project }: Sandbox) => ({ args: ['hook'], input: stopEvent(project) }),
    ],
  ] as const)('%s loads one file, and of Node what an empty program loads and %j', async (_way, more, call) => {
    const sandbox = arrange();
    const { args, ...input } = call(sandbox);
    const { node } = await empty();
    const loaded = await loadedBy(sandbox.project, async (options) => {
      expect(await runProgram(args, { ...options, ...input })).toEqual(silent);
    });
    expect(node.length).toBeGreaterThan(50);
    expect(loaded.files).toEqual(['forge-resume.cjs']);
    expect(loaded.node.filter((name) => !node.includes(name)).sort()).toEqual(more);
  });
});
