import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compile, openCache } from '../../src/cli/code-cache.ts';
import { notification } from '../support/payloads.ts';
import { builtCli, oneLine, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

const part = join(builtCli, 'agent.cjs');
const { cache } = compile(part, false);
const sealed = readFileSync(cache);
const env = { RCS_SESSION_ID: 'now' };

/** A copy of the built program with another code cache, or none. */
function programWith(content: Buffer | undefined): string {
  const folder = join(builtCli, '..', `cli-${process.pid}-${Math.random().toString(36).slice(2)}`);
  cpSync(builtCli, folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, basename(cache));
  if (content === undefined) rmSync(file);
  else writeFileSync(file, content);
  return folder;
}

function projectWithRun(): ReturnType<typeof makeSandbox> {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return sandbox;
}

describe('the code cache of the part for agents', () => {
  it('is made by the build, fits and stays below 200 KiB', () => {
    expect(compile(part).script.cachedDataRejected).toBe(false);
    expect(sealed.length / 2).toBeLessThan(200 * 1024);
  });

  it('is refused where a sector of it was lost, wherever', () => {
    const sector = 512;
    let lost = 0;
    for (let at = 0; at < sealed.length; at += sector) {
      const torn = Buffer.from(sealed);
      torn.fill(0, at, Math.min(at + sector, torn.length));
      if (torn.equals(sealed)) continue;
      lost += 1;
      expect(openCache(torn), `at ${at}`).toBeUndefined();
    }
    expect(lost).toBeGreaterThan(100);
    expect(openCache(sealed)).toHaveLength(sealed.length / 2);
  });

  it('is refused where its end was lost', () => {
    for (const length of [1, 100, sealed.length / 2, sealed.length - 512, sealed.length - 1]) {
      expect(openCache(sealed.subarray(0, length)), String(length)).toBeUndefined();
    }
  });

  it.each([
    ['absent', undefined],
    ['empty', Buffer.alloc(0)],
    ['torn', Buffer.concat([sealed.subarray(0, 4_096), Buffer.alloc(sealed.length - 4_096)])],
    ['of something else', Buffer.from(sealed).reverse()],
  ])('and the program does the same where it is %s', async (_state, content) => {
    const sandbox = projectWithRun();
    const payload = notification(sandbox.project, { session_id: 's1' });
    expect(await runProgram(['notify', payload], { env, folder: programWith(content) })).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ active: true, owner_rcs_session_id: 'now' });
  });

  it('is not taken for a part that is another one of the same length', async () => {
    const folder = programWith(sealed);
    const source = readFileSync(part, 'utf8');
    const other = `/*${'0'.repeat(16)}*/exports.runAgent=()=>{require('node:fs').writeSync(2,'another\\n')};//`;
    writeFileSync(join(folder, 'agent.cjs'), other.padEnd(source.length, 'x'));
    const { project } = projectWithRun();
    expect(await runProgram(['notify', notification(project)], { env, folder })).toMatchObject(oneLine(/another/));
  });
});
