import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { notification } from '../support/payloads.ts';
import { builtCli, oneLine, runProgram, silent } from '../support/program.ts';
import { threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const env = { RCS_SESSION_ID: 'now' };

const resumable = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', threadRun());
  sandbox.putSessions('now');
  return sandbox;
};

/** A notification program that writes down its arguments, a line each, and then says that it is done. */
const otherProgram = (sandbox: Sandbox): { readonly path: string; readonly heard: () => Promise<string[]> } => {
  const path = join(sandbox.project, 'other.sh');
  const [list, done] = [join(sandbox.project, 'heard'), join(sandbox.project, 'done')];
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${list}'\n: > '${done}'\n`);
  chmodSync(path, 0o755);
  const heard = async (): Promise<string[]> => {
    await expect.poll(() => existsSync(done), { timeout: 5_000 }).toBe(true);
    return readFileSync(list, 'utf8').trimEnd().split('\n');
  };
  return { path, heard };
};

describe('notify --then: the notification program from before goes on', () => {
  it('is started with its own arguments and the payload, and the run is handed over', async () => {
    const sandbox = resumable();
    const { path, heard } = otherProgram(sandbox);
    const payload = notification(sandbox.project);
    expect(await runProgram(['notify', '--then', path, '--title', 'a b', payload], { env })).toEqual(silent);
    expect(await heard()).toEqual(['--title', 'a b', payload]);
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('also where we have nothing to do, and where the payload is none', async () => {
    const sandbox = makeSandbox({ stateDir: false });
    const { path, heard } = otherProgram(sandbox);
    expect(await runProgram(['notify', '--then', path, 'no json'])).toMatchObject(oneLine(/no JSON object/));
    expect(await heard()).toEqual(['no json']);
  });

  it('one that is not there: exit 0, one line, and the run is handed over', async () => {
    const sandbox = resumable();
    const args = ['notify', '--then', '/nonexistent/program', notification(sandbox.project)];
    expect(await runProgram(args, { env })).toMatchObject(
      oneLine(
        /^forge-resume notify: \/nonexistent\/program, the program behind --then, cannot be started; .*config\.toml/,
      ),
    );
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('where none is named: exit 0, one line without a word of the payload, and the run is handed over', async () => {
    const sandbox = resumable();
    const said = await runProgram(['notify', '--then', notification(sandbox.project)], { env });
    expect(said).toMatchObject(oneLine(/^forge-resume notify: no program is named behind --then; .*config\.toml/));
    expect(said.stderr).not.toContain('{');
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('where our part for it is lost: exit 0, one line, and the run is handed over', async () => {
    const sandbox = resumable();
    // Beside the program, for the packages that it finds from there.
    const folder = join(builtCli, '..', `cli-chain-${process.pid}`);
    cpSync(builtCli, folder, { recursive: true });
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    rmSync(join(folder, 'chain-notify.cjs'));
    const args = ['notify', '--then', 'true', notification(sandbox.project)];
    expect(await runProgram(args, { env, folder })).toMatchObject(oneLine(/cannot be loaded/));
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('its switches are not ours', async () => {
    const sandbox = resumable();
    const { path, heard } = otherProgram(sandbox);
    await runProgram(['notify', '--then', path, '--follow-links', '--then', notification(sandbox.project)], { env });
    expect((await heard()).slice(0, 2)).toEqual(['--follow-links', '--then']);
  });
});
