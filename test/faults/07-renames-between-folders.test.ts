import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useProgram } from '../support/outside/c-program.ts';
import type { CallerOptions } from '../support/outside/call-order.ts';
import { type Caller, startCaller } from '../support/outside/caller.ts';
import { walk } from '../support/outside/canary-tree.ts';
import { canRestrict, mayMount, mountOfItsOwn, overlayOver } from '../support/outside/environments.ts';
import { journalsOf, liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

if (!mayMount) console.warn('left out: overlays and mounts of their own (it takes root and mount namespaces)');
const user = 1_000;

describe.runIf(needs('gcc'))('fault 7: nothing is renamed from one folder to another', () => {
  const subject = useSubject();
  const restrict = useProgram('restrict');
  let landlock = false;
  beforeAll(() => {
    landlock = canRestrict(restrict(), 'no-refer');
  });

  type Place = (sandbox: Sandbox) => CallerOptions | undefined;
  function ifMounted(mount: () => void): CallerOptions | undefined {
    if (!mayMount) return undefined;
    mount();
    return {};
  }
  const places: Readonly<Record<string, Place>> = {
    'Landlock without the refer right': () => (landlock ? { launcher: [restrict(), 'no-refer', '--'] } : undefined),
    'the lower layer of an overlay': (sandbox) => ifMounted(() => overlayOver(sandbox)),
    'our folder as a mount of its own': (sandbox) => ifMounted(() => mountOfItsOwn(sandbox.path('.forge-resume'))),
  };

  /** What an earlier call or an older runtime left, or what happens in the call. */
  const starts: Readonly<Record<string, (sandbox: Sandbox) => Promise<void> | void>> = {
    'nothing left': () => undefined,
    'a stale lock folder': (sandbox) => void sandbox.putLock('1.1.aa', 60_000),
    'a call killed between its writes': async (sandbox) => {
      const victim = await startCaller(subject().module);
      await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }));
    },
    'half a journal': (sandbox) => {
      fs.mkdirSync(sandbox.path('.forge-resume', 'journal'), { recursive: true });
      for (const name of ['journal.json', 'journal/old.now.json']) {
        fs.writeFileSync(sandbox.path('.forge-resume', name), '{"version":1,"tr');
      }
    },
  };
  const cases = Object.keys(places).flatMap((place) => Object.keys(starts).map((start) => [place, start] as const));

  it.each(cases)('transfer: in %s, with %s', async (place, start) => {
    const sandbox = projectWithRun({}, 'third');
    const ownMount = place.startsWith('our folder');
    let options: CallerOptions | undefined = ownMount ? places[place]?.(sandbox) : undefined;
    await starts[start]?.(sandbox);
    if (!ownMount) options = places[place]?.(sandbox);
    if (options === undefined) return;
    const caller = await startCaller(subject().module, options);
    await expectServed(caller, sandbox);
  });

  async function expectServed(caller: Caller, sandbox: Sandbox): Promise<void> {
    expect(await caller.call(orderIn(sandbox))).not.toHaveProperty('error');
    expect(liveIn(sandbox)).toEqual(['now']);
    for (const current of ['now', 'third', 'third']) {
      expect(await caller.call(orderIn(sandbox, current))).not.toHaveProperty('error');
    }
    expect(liveIn(sandbox)).toEqual(['third']);
    expect(journalsOf(sandbox).filter((name) => name !== 'journal.json')).toEqual([]);
  }

  it.runIf(process.getuid?.() === 0).each([
    ['a token', '1.1.aa'],
    ['no token', undefined],
  ])("rule 1: root's stale lock folder with %s in a project of a user", async (_name, token) => {
    const sandbox = projectWithRun({}, 'third');
    for (const path of walk(sandbox.project)) fs.lchownSync(path, user, user);
    execFileSync('chmod', ['-R', 'u+rwX', sandbox.project]);
    fs.chmodSync(sandbox.putLock(token, 60_000), 0o700);
    sandbox.declare({ foreignLock: true });
    await expectServed(await startCaller(subject().module, { uid: user }), sandbox);
    expect(fs.existsSync(sandbox.path('.lock.forge-session-resume'))).toBe(false);
  });
});
