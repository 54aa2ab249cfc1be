import fs from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../src/rules/protocol.ts';
import { runProgram, silent } from '../support/program.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { fencesOf } from './markdown.ts';

const samples = fencesOf('README.md').filter(({ heading }) => heading === 'What is on disk');
const [tree = ''] = samples.filter(({ language }) => language === 'text').map(({ text }) => text);
const [record, run] = samples
  .filter(({ language }) => language === 'json')
  .map(({ text }) => JSON.parse(text) as Record<string, unknown>);

/** The paths that a drawn tree shows, folders of files left out. */
function pathsIn(drawing: string): string[] {
  const above: string[] = [];
  const paths = drawing.split('\n').map((line) => {
    const [, lead = '', name = ''] = /^([│├└─ ]*)(\S+)/.exec(line) ?? [];
    above.splice(lead.length / 4, Infinity, name);
    return above.join('/');
  });
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)));
}

/** Files below a folder, and folders that are empty. */
function leavesOf(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const below = entry.isDirectory() ? leavesOf(path) : [];
    return below.length > 0 ? below : [path];
  });
}

describe('what the README says is on disk', () => {
  it('is what a hand-over leaves there', async () => {
    const sandbox = makeSandbox();
    const { project } = sandbox;
    sandbox.putRun('launch-1', run ?? {});
    sandbox.putSessions('launch-2');
    // The process in the sample is nobody's.
    const { pid: _, pid_start_ticks: __, ...lasting } = record ?? {};
    sandbox.putRecord({ ...lasting, cwd: project });
    const input = JSON.stringify({ hook_event_name: 'Stop', session_id: 'conversation-7', cwd: project });
    expect(await runProgram(['hook'], { input })).toEqual(silent);
    expect(sandbox.run('launch-2')).toMatchObject({ active: true });
    const found = leavesOf(join(project, '.rcs')).map((path) => relative(project, path));
    const undated = (path: string): string => path.replace(/\d{4}-\d\d-\d\d/, '<date>');
    expect(pathsIn(tree).map(undated).sort()).toEqual(found.map(undated).sort());
  });

  it('the sample of session.json names a process, so that it counts while that lives', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('launch-2');
    sandbox.putRecord({ ...record, cwd: sandbox.project });
    const call = { env: {}, session: 'conversation-7' };
    expect(await sandbox.call(call)).toMatchObject({ reason: reasons.sessionMissing });
    const ticks = Number(fs.readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]);
    sandbox.putRecord({ ...record, cwd: sandbox.project, pid: process.pid, pid_start_ticks: ticks });
    expect(await sandbox.call(call)).toMatchObject({ currentRcsSessionId: 'launch-2' });
  });
});
