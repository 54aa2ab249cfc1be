import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useProgram } from '../support/outside/c-program.ts';
import { startCaller } from '../support/outside/caller.ts';
import { canRestrict, denying, mayMount, permissionArgs } from '../support/outside/environments.ts';
import { liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';
import { needs } from '../support/tools.ts';

describe('fault 13: hosts and file systems other than the first one', { timeout: 30_000 }, () => {
  const subject = useSubject();
  const lastMillis = async (sandbox: Sandbox): Promise<number> => {
    const next = await startCaller(subject().module);
    // The first call of a process loads what later ones have.
    await next.call({ ...orderIn(sandbox), stateDir: join(sandbox.project, 'none') });
    const answer = await next.call(orderIn(sandbox));
    expect(answer).toMatchObject({ result: { reason: expect.stringMatching(/resumed|active/) } });
    return answer === 'died' ? Number.POSITIVE_INFINITY : answer.millis;
  };

  it.runIf(mayMount).each(['afterLockAcquired', 'afterTargetWrite'])(
    'promise 5: a holder of another host name that died in %s delays nobody',
    async (hook) => {
      const sandbox = projectWithRun();
      const launcher = ['unshare', '--uts', 'sh', '-c', 'hostname recreated; exec "$0" "$@"'];
      const victim = await startCaller(subject().module, { launcher });
      expect(await victim.call(orderIn(sandbox, 'now', { deeds: { [hook]: 'kill' } }))).toBe('died');
      expect(await lastMillis(sandbox)).toBeLessThan(atOnceMs);
    },
  );

  it('lock: a snapshot by hard links is no harm, in the original and in the copy', async () => {
    const sandbox = projectWithRun({}, 'next');
    await subject().call(orderIn(sandbox));
    const copy = join(sandbox.project, 'snapshot');
    execFileSync('cp', ['-al', sandbox.stateDir, copy]);
    expect(await subject().call(orderIn(sandbox, 'next'))).toMatchObject({ resumed: true });
    expect(await subject().call({ ...orderIn(sandbox, 'next'), stateDir: copy })).toMatchObject({ resumed: true });
    const { ino } = fs.statSync(sandbox.path('.forge-resume', 'lock'));
    expect(fs.statSync(join(copy, '.forge-resume', 'lock')).ino).toBe(ino);
  });
});

describe.runIf(needs('gcc'))('fault 13: what file systems refuse', () => {
  const subject = useSubject();
  const restrict = useProgram('restrict');

  it.each([
    ['lock', 'ENOLCK'],
    ['link', 'EACCES'],
    ['fsync', 'EINVAL'],
  ] as const)('protocol: %s answering %s', async (call, error) => {
    const what = denying(call, error);
    if (!canRestrict(restrict(), ...what)) return;
    const sandbox = projectWithRun();
    const caller = await startCaller(subject().module, { launcher: [restrict(), ...what, '--'] });
    expect(await caller.call(orderIn(sandbox))).toMatchObject({ result: { resumed: true } });
    expect(liveIn(sandbox)).toEqual(['now']);
  });

  it("protocol: Node's permission model refusing fsync", async () => {
    const sandbox = projectWithRun();
    const caller = await startCaller(subject().module, { nodeArgs: permissionArgs(sandbox.project) });
    expect(await caller.call(orderIn(sandbox))).toMatchObject({ result: { resumed: true } });
    expect(liveIn(sandbox)).toEqual(['now']);
  });
});
