import fs from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { journalsOf, liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { atOnceMs } from '../support/time-taken.ts';

const lock = '.lock.forge-session-resume';

describe('fault 16: a hook that calls again', () => {
  const subject = useSubject();
  type Spelling = (stateDir: string) => string;
  const spellings: Readonly<Record<string, Spelling>> = {
    'the same path': (stateDir) => stateDir,
    'a relative path': (stateDir) => relative(process.cwd(), stateDir),
    'a path through a link': (stateDir) => {
      const link = join(stateDir, '..', 'link');
      fs.symlinkSync(stateDir, link);
      return link;
    },
  };
  const hooks = ['afterLockAcquired', 'afterTargetWrite'];
  const cases = hooks.flatMap((hook) => Object.keys(spellings).map((spelling) => [hook, spelling] as const));

  it.each(cases)('lock: is refused at once (%s, by %s)', async (hook, spelling) => {
    const sandbox = projectWithRun();
    const stateDir = spellings[spelling]?.(sandbox.stateDir) ?? '';
    let inner: { code?: string; millis?: number } = {};
    const callAgain = async (): Promise<void> => {
      const began = performance.now();
      const thrown = await subject()
        .call({ ...orderIn(sandbox), stateDir })
        .then(String, (error) => error);
      inner = { code: thrown.code, millis: performance.now() - began };
    };
    expect(await subject().call({ ...orderIn(sandbox), hooks: { [hook]: callAgain } })).toMatchObject({
      resumed: true,
    });
    expect(inner.code).toBe('REENTRANT');
    expect(inner.millis).toBeLessThan(atOnceMs);
    expect(liveIn(sandbox)).toEqual(['now']);
  });

  it('lock: one on another directory is served, and one after the hook too', async () => {
    const [outer, other] = [projectWithRun(), projectWithRun()];
    let inner: unknown;
    const afterTargetWrite = async (): Promise<void> => {
      inner = await subject().call(orderIn(other));
    };
    expect(await subject().call({ ...orderIn(outer), hooks: { afterTargetWrite } })).toMatchObject({ resumed: true });
    expect(inner).toMatchObject({ resumed: true });
    expect(await subject().call(orderIn(outer))).toMatchObject({ reason: 'current_forge_active' });
  });
});

describe('fault 16: relative state directories', () => {
  const subject = useSubject();
  const stateDir = join('.rcs', 'state');

  it.each(['afterLockAcquired', 'afterTargetWrite'])('call: the working folder changes in %s', async (hook) => {
    const sandbox = projectWithRun();
    const caller = await startCaller(subject().module, { cwd: sandbox.project });
    const answer = await caller.call({ ...orderIn(sandbox), stateDir, deeds: { [hook]: 'chdir' } });
    expect(answer).toMatchObject({
      result: { resumed: true, targetPath: join(stateDir, 'sessions', 'now', 'forge-state.json') },
    });
    expect(liveIn(sandbox)).toEqual(['now']);
    expect(journalsOf(sandbox)).toEqual([]);
    expect(fs.existsSync(sandbox.path(lock))).toBe(false);
  });

  it('call: the working folder is gone', async () => {
    const sandbox = projectWithRun();
    const folder = join(sandbox.project, 'gone');
    fs.mkdirSync(folder);
    const caller = await startCaller(subject().module, { cwd: folder });
    fs.rmdirSync(folder);
    const answer = await caller.call({ ...orderIn(sandbox), stateDir });
    expect(answer).toMatchObject({ result: { reason: 'current_rcs_session_missing' } });
  });
});
