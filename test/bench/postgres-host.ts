/**
 * `postgres-host.cjs <connection string> <project> <state directory>`: a host whose calls are counted. For each message
 * `{ what, ms }` it calls for that long and answers with how often, how often a second, how often
 * files were made durable, and how much processor time that took; `end` ends it.
 */
import fs, { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MachineInput } from '../../machines/contract.ts';
import { files } from './parts.ts';

const [connectionString = '', project = '', stateDir = ''] = process.argv.slice(2);
const done = () => ({ kind: 'done' }) as const;
const input: MachineInput = { payloadSessionId: project, payloadThreadId: '' };
/** What is counted: a call that finds nothing to do, or one that hands the run over to the next session. */
type What = 'looks' | 'hand-overs';

let syncs = 0;
// Before the store loads its copies of these functions.
for (const name of ['fsyncSync', 'fdatasyncSync'] as const) {
  const original = fs[name];
  fs[name] = (fd) => {
    syncs += 1;
    original(fd);
  };
}

async function main(): Promise<void> {
  const load = async (file: string) => await import(pathToFileURL(file).href);
  const { runForgeSessionResume } = (await load(files.machine)) as typeof import('../../src/machine.ts');
  const { openPostgresStore } = (await load(files.postgres)) as typeof import('../../src/postgres.ts');
  const store = await openPostgresStore({ connectionString, project, stateDir });
  let count = 0;
  const session = (): string => `s${count}`;
  const folder = (): string => join(stateDir, 'sessions', session());
  const call = async (expected: string): Promise<void> => {
    const opened = store.call({ session: session(), pane: '' });
    try {
      const hooks = {
        findPane: () => ({ kind: 'none' }) as const,
        afterLockAcquired: done,
        afterTargetWrite: done,
        afterCommit: done,
      };
      const { reason } = await runForgeSessionResume({ actors: { ...opened.actors, ...hooks }, input });
      if (reason !== expected) throw new Error(`${session()} ended with ${reason}`);
    } finally {
      opened.close();
    }
  };
  mkdirSync(folder(), { recursive: true });
  const run = { active: true, started_at: project, owner_codex_session_id: project, owner_rcs_session_id: session() };
  writeFileSync(join(folder(), 'forge-state.json'), JSON.stringify(run, null, 2));
  await call('current_forge_active');
  const handOver = async (): Promise<void> => {
    count += 1;
    mkdirSync(folder());
    await call('resumed_same_codex_session');
  };
  process.on('message', async (message: 'end' | { readonly what: What; readonly ms: number }) => {
    if (message === 'end') {
      await store.close();
      process.disconnect();
      return;
    }
    const { what, ms } = message;
    const since = performance.now();
    const [syncsBefore, cpuBefore] = [syncs, process.cpuUsage()];
    let calls = 0;
    for (; performance.now() - since < ms; calls += 1) {
      await (what === 'looks' ? call('current_forge_active') : handOver());
    }
    const rate = calls / ((performance.now() - since) / 1_000);
    const { user, system } = process.cpuUsage(cpuBefore);
    process.send?.({ rate, calls, syncs: syncs - syncsBefore, cpuMs: (user + system) / 1_000 });
  });
  process.send?.('ready');
}

void main();
