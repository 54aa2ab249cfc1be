import fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { useMemory } from '../hostile/in-memory.ts';
import { startCaller } from '../support/outside/caller.ts';
import { liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import type { Sandbox } from '../support/sandbox.ts';

// There inodes that are made one after another are neighbours.
useMemory();
const large = pathToFileURL(join(import.meta.dirname, '../support/outside/large-inodes.mjs')).href;

/** Puts another file or folder of the same content where one was. */
const exchanges: Readonly<Record<string, (sandbox: Sandbox) => void>> = {
  'the lock file is another one': (sandbox) => {
    const lock = sandbox.path('.forge-resume', 'lock');
    fs.renameSync(lock, `${lock}.moved`);
    fs.writeFileSync(lock, '');
  },
  'the lock folder is another one': (sandbox) => {
    const lock = sandbox.path('.lock.forge-session-resume');
    const token = fs.readFileSync(join(lock, 'owner'));
    fs.renameSync(lock, join(sandbox.project, 'moved'));
    fs.mkdirSync(lock);
    fs.writeFileSync(join(lock, 'owner'), token);
  },
};

describe('fault 18: inode numbers above 2^53 are told apart', { timeout: 60_000 }, () => {
  const subject = useSubject();

  /** What a call comes to when something is exchanged while it holds the lock. */
  async function outcomeOf(change: (sandbox: Sandbox) => void, nodeArgs: readonly string[]): Promise<string> {
    const sandbox = projectWithRun();
    sandbox.declare({ openJournal: true, foreignLock: true });
    const caller = await startCaller(subject().module, { nodeArgs });
    const call = caller.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'wait' } }));
    await caller.inside();
    change(sandbox);
    caller.go();
    const answer = await call;
    await caller.kill();
    if (answer === 'died') return 'died';
    const lock = fs.existsSync(sandbox.path('.lock.forge-session-resume'));
    return `${answer.error?.code ?? answer.result?.reason}, live in ${liveIn(sandbox)}, ${lock ? 'lock stands' : 'no lock'}`;
  }

  it.each(Object.keys(exchanges))('lock: %s', async (name) => {
    const change = exchanges[name] ?? (() => undefined);
    const [small, huge] = await Promise.all([outcomeOf(change, []), outcomeOf(change, ['--import', large])]);
    expect(huge).toBe(small);
  });

  it('transfer: an ordinary one goes as ever', async () => {
    expect(await outcomeOf(() => undefined, ['--import', large])).toBe(await outcomeOf(() => undefined, []));
  });
});
