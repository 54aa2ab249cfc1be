import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useProgram } from '../support/outside/c-program.ts';
import type { CallerOptions } from '../support/outside/call-order.ts';
import { startCaller } from '../support/outside/caller.ts';
import { canRestrict, denying, mayMount, permissionArgs } from '../support/outside/environments.ts';
import { journalsOf, liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';
import { needs } from '../support/tools.ts';

if (!mayMount) console.warn('left out: other namespaces (it takes root)');
console.warn(
  'left out: a real file system without hard links (vfat, exfat); link fails by a filter of system calls instead',
);

/** The first process of a pid namespace cannot kill itself: another stands before Node. */
const belowInit = ['sh', '-c', '"$0" "$@"; exit $?'];

describe.runIf(needs('gcc'))('a run is handed over, there and back, wherever we are', { timeout: 60_000 }, () => {
  const subject = useSubject();
  const restrict = useProgram('restrict');

  async function expectServed(sandbox: Sandbox, options: CallerOptions): Promise<void> {
    const caller = await startCaller(subject().module, options);
    for (const current of ['now', 'now', 'third', 'third']) {
      expect(await caller.call(orderIn(sandbox, current))).not.toHaveProperty('error');
      expect(liveIn(sandbox)).toEqual([current]);
    }
    const victim = await startCaller(subject().module, options);
    expect(await victim.call(orderIn(sandbox, 'fourth', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    // Where the folder alone is the lock, a dead holder is known by its age.
    const then = Date.now() / 1_000 - 11;
    fs.lutimesSync(sandbox.path('.lock.forge-session-resume'), then, then);
    expect(await caller.call(orderIn(sandbox, 'fifth'))).not.toHaveProperty('error');
    expect(liveIn(sandbox)).toEqual(['fifth']);
    expect(journalsOf(sandbox)).toEqual([]);
    await caller.kill();
  }
  const project = (): Sandbox => projectWithRun({}, 'third', 'fourth', 'fifth');

  it.each([
    ['link', 'EPERM'],
    ['link', 'EACCES'],
    ['link', 'ENOSYS'],
    ['link', 'EOPNOTSUPP'],
    ['link', 'EMLINK'],
    ['fsync', 'EINVAL'],
    ['fsync', 'ENOSYS'],
    ['lock', 'ENOLCK'],
    ['lock', 'ENOSYS'],
    ['lock', 'EINVAL'],
    ['lock', 'EOPNOTSUPP'],
    ['fchown', 'EPERM'],
  ] as const)('protocol: where %s answers %s', async (call, error) => {
    const what = denying(call, error);
    if (!canRestrict(restrict(), ...what)) return;
    await expectServed(project(), { launcher: [restrict(), ...what, '--'] });
  });

  const addons = process.versions.node.startsWith('20.') ? [[]] : [[], ['--allow-addons']];
  it.each(addons)("protocol: under Node's permission model %s", async (...more) => {
    const sandbox = project();
    const nodeArgs = permissionArgs(sandbox.project, ...more, '--allow-child-process');
    await expectServed(sandbox, { nodeArgs });
  });

  it.runIf(mayMount).each([
    ['another host name', ['unshare', '--uts', 'sh', '-c', 'hostname elsewhere; exec "$0" "$@"']],
    ['another pid namespace', ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', ...belowInit]],
    ['another user namespace', ['unshare', '--user', '--map-root-user']],
    ['all of them', ['unshare', '--uts', '--pid', '--mount', '--fork', '--kill-child', '--mount-proc', ...belowInit]],
  ])('protocol: in %s', async (_name, launcher) => {
    await expectServed(project(), { launcher });
  });

  it.runIf(mayMount)('promise 5: a dead holder of another host name and pid namespace is no holder', async () => {
    const sandbox = project();
    const launcher = [
      'unshare',
      '--uts',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      'hostname gone; "$0" "$@"; exit $?',
    ];
    const victim = await startCaller(subject().module, { launcher });
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    expect(fs.existsSync(sandbox.path('.lock.forge-session-resume'))).toBe(true);
    const next = await startCaller(subject().module);
    const answer = await next.call(orderIn(sandbox));
    expect(answer).not.toHaveProperty('error');
    expect(answer === 'died' ? 9_999 : answer.millis).toBeLessThan(atOnceMs);
  });
});
